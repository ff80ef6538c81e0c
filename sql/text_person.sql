-- Repair, placeholders, e-mail domains, names and nicknames from SQL. The rules themselves are tested in test/unit/text.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS cdp;
SET client_encoding = 'UTF8';

-- Repair, and where it stops.
SELECT input, cdp.repair_text(input) AS repaired FROM unnest(ARRAY['JosÃ©', 'Ã‘uÃ±oa', 'donâ€™t', 'JosÃƒÂ©', 'Jos&eacute; &amp; Ana',
    '<b>Ana</b><br>Luz', 'SÃO PAULO', 'MAÇÃ', 'AT&T', 'a <b and c> d', '<ana@example.com>', '']) AS v(input);
SELECT v.kind, c.* FROM (VALUES (1, 'text', 'CafÃ©'), (2, 'text', E'a\u202Eb'), (3, 'text', E'a\x01b'), (4, 'name', 'MarÃ­a'),
    (5, 'name', 'Jos&eacute;'), (6, 'email', 'a&amp;b@example.com'), (7, 'text', E'Jos\uFFFD'), (8, 'text', '&nbsp;'))
    AS v(n, kind, input), cdp.clean_value(v.kind, v.input) AS c ORDER BY v.n;

-- Placeholders by type.
SELECT v.kind, v.input, cdp.is_junk(v.input, v.kind), cdp.junk_reason(v.input, v.kind) FROM (VALUES
    (1, 'text', 'Sin Información'), (2, 'text', 'keine Angabe'), (3, 'text', 'qwerty'), (4, 'text', 'hello'), (5, 'text', ''),
    (6, 'name', 'Test Test'), (7, 'name', 'Nombre Apellido'), (8, 'name', 'Consumidor Final'), (9, 'name', 'Juan Perez'),
    (10, 'name', 'John Doe'), (11, 'email', 'test@test.com'), (12, 'email', 'ana@example.com'), (13, 'phone', '123456789'),
    (14, 'phone', '+56987654321'), (15, 'identifier', '0000'), (16, 'postal_code', '12345')) AS v(n, kind, input) ORDER BY v.n;
SELECT cdp.is_junk('test') AS default_type, cdp.is_junk(NULL) AS null_value, cdp.junk_reason(NULL) AS null_reason;
SELECT (cdp.clean_name('John Doe')).*;

-- E-mail.
SELECT v.input, c.* FROM unnest(ARRAY['x@mailinator.com', 'x@a.mailinator.com', 'x@gmial.com', 'x@gmail.es', 'x@hotmailcom',
    'ventas@tienda.cl', '"ana.diaz"@example.com', '"ana diaz"@example.com', 'x@gmx.net', 'x@ymail.com']) AS v(input), cdp.clean_email(v.input) AS c;
SELECT input, cdp.email_domain_kind(input) AS kind FROM unnest(ARRAY['ana@gmail.com', 'yahoo.com.mx', 'x@mailinator.com',
    'ana@example.com', 'nobody', '']) AS v(input);
SELECT input, cdp.email_key(input) AS key FROM unnest(ARRAY['A.Na+x@googlemail.com', 'ana-shop@yahoo.es', 'ana-maria@outlook.com',
    'ana@me.com', 'ana+x@protonmail.com', 'shop@ana.fastmail.com', 'ana.diaz@ya.ru']) AS v(input);

-- Names.
SELECT v.input, c.value, c.status, c.reason FROM unnest(ARRAY['Frau Prof. Dr. med. Anna Weiß', 'Don José García', 'Don Johnson',
    'John Smith, PhD', 'JRR TOLKIEN', 'Ing. Juan Soto', 'Mme. Curie']) AS v(input), cdp.clean_name(v.input) AS c;
SELECT p.* FROM unnest(ARRAY['Dr. William "Bill" Henry Gates III', 'Ana García López', 'García Márquez, Gabriel José',
    'María del Carmen Pérez Soto', 'João Silva Filho', 'J. R. R. Tolkien', 'Cher', 'n/a', NULL]) WITH ORDINALITY AS v(input, n)
    LEFT JOIN LATERAL cdp.parse_name(v.input) AS p ON true ORDER BY v.n;
SELECT input, cdp.latin_name(input) AS latin FROM unnest(ARRAY['Юлия Щукина', 'Γιώργος', '李小龙', '김민수', 'محمد', 'JOSÉ NÚÑEZ', 'n/a'])
    AS v(input);

-- Nicknames.
SELECT a, b, cdp.same_given_name(a, b) FROM (VALUES ('Bill', 'William'), ('Paco', 'FRANCISCO'), ('Pepe', 'José'), ('Bob', 'Bobby'),
    ('José', 'jose'), ('María Isabel', 'Maribel'), ('J', 'John'), ('Ana', 'Juana'), ('Bill', NULL)) AS v(a, b);
SELECT relation, string_agg(related_name, ' ' ORDER BY related_name COLLATE "C") AS of_bill FROM cdp.nicknames_of('Bill') GROUP BY relation ORDER BY relation COLLATE "C";
SELECT relation, string_agg(related_name, ' ' ORDER BY related_name COLLATE "C") AS of_nacho FROM cdp.nicknames_of('Nacho') GROUP BY relation ORDER BY relation COLLATE "C";
SELECT count(*) FROM cdp.nicknames_of('Zoltán');
SELECT count(*) FROM cdp.nicknames_of(NULL);
-- The two agree on every pair.
SELECT count(*) > 20 AS some, bool_and(cdp.same_given_name(v.name, n.related_name) AND cdp.same_given_name(n.related_name, v.name)) AS same
FROM unnest(ARRAY['bill', 'francisco', 'maria', 'chris', 'pepe']) AS v(name), cdp.nicknames_of(v.name) AS n;

-- Errors of the caller, long values.
\set VERBOSITY terse
SELECT cdp.is_junk('x', 'emial');
SELECT length(cdp.repair_text(repeat('&eacute;', 100000))) AS repaired, cdp.repair_text(repeat('&amp;', 3) || 'amp;lt;') AS layers,
    cdp.junk_reason(repeat('a', 1000000)) AS long_value, cdp.latin_name(repeat('Я', 400)) AS long_name,
    cdp.same_given_name(repeat('a', 1000000), 'a') AS long_given, (cdp.parse_name(repeat('a, ', 2000))).given_name AS commas;

-- Promised to the planner.
SELECT count(*) AS functions, bool_and(provolatile = 'i') AS immutable, bool_and(proparallel = 's') AS parallel_safe,
    bool_and(obj_description(oid, 'pg_proc') IS NOT NULL) AS commented
FROM pg_proc
WHERE pronamespace = 'cdp'::regnamespace AND proname IN ('repair_text', 'junk_reason', 'is_junk', 'email_domain_kind', 'latin_name',
    'parse_name', 'same_given_name', 'nicknames_of');

-- Memory is bounded.
SET cdp.memory_limit = '16MB';
SELECT length(cdp.repair_text(repeat('JosÃ© <b>', 400000)));
RESET cdp.memory_limit;
