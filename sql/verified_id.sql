-- A national id with the right check digits joins records for certain, unless their names contradict each other.
CREATE EXTENSION cdp;
\pset footer off
SET client_min_messages = warning;
SELECT cdp.install() LIKE 'store installed%' AS installed;
CREATE FUNCTION pick(n int, VARIADIC what text[]) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT abs(('x' || substr(md5(array_to_string(what, ' ')), 1, 7))::bit(28)::int) % n $$;
CREATE FUNCTION word(n int, VARIADIC what text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT initcap(translate(substr(md5('w' || pick(n, VARIADIC what)), 1, 7), '0123456789', 'klmnopqrst')) $$;
-- Chile's: weights 2 to 7 from the right, modulo 11.
CREATE FUNCTION rut(n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT n || '-' || substr('0K987654321', 1 + (SELECT sum(substr(reverse(n::text), i, 1)::int * (2 + (i - 1) % 6)) FROM generate_series(1, length(n::text)) i)::int % 11, 1) $$;
SELECT rut(30686957), cdp.national_id_type(rut(30686957), 'CL');
CREATE TABLE crm (id text PRIMARY KEY, given text, family text, mail text, born date, nid text);
INSERT INTO crm SELECT p || t, word(60, p::text, 'g'), word(90, p::text, 'f'), CASE pick(3, p::text, t, 'm') WHEN 0 THEN NULL ELSE 'p' || p || '@example.com' END, date '1950-01-01' + pick(15000, p::text, 'b'), rut(8000000 + 7919 * p)
FROM generate_series(1, 200) p, unnest(ARRAY['a', 'b']) t;
-- One number, and hardly anything else: dates and addresses differ.
INSERT INTO crm VALUES ('v1', 'Ana', 'Rojas', 'ana@one.example', '1950-02-03', rut(15111222)), ('v2', 'Ana', 'Roxas', 'xyz@two.example', '1987-10-11', rut(15111222)),
    ('v3', 'Pedro', 'Lund', 'pedro@three.example', '1966-06-06', rut(15111222)), ('v4', NULL, NULL, 'nn@four.example', '1971-01-08', rut(15111222));
CREATE TABLE shop (LIKE crm);
INSERT INTO shop VALUES ('w1', 'Eva', 'Kern', 'eva@one.example', '1950-02-03', 'A 77'), ('w2', 'Eva', 'Kern', 'klm@two.example', '1987-10-11', 'A 77');
SELECT count(target) FROM cdp.add_source('crm', 'crm', key => 'id', country => 'CL', mapping => '{"given": "given_name", "family": "family_name", "mail": "email", "born": "birth_date", "nid": "national_id"}');
SELECT count(target) FROM cdp.add_source('shop', 'shop', key => 'id', mapping => '{"given": "given_name", "family": "family_name", "mail": "email", "born": "birth_date", "nid": "national_id"}');
SELECT rows_rejected FROM cdp.ingest('crm');
SELECT rows_rejected FROM cdp.ingest('shop');
CREATE FUNCTION who_is_who() RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(members, ' | ' ORDER BY members) FROM (SELECT string_agg(source_key, '=' ORDER BY source_key) AS members FROM cdp_data.record WHERE source_key ~ '^[vw]' GROUP BY profile_id) p $$;
CREATE TABLE outcome (n int GENERATED ALWAYS AS IDENTITY, what text, run text, people text, wrong bigint);
CREATE PROCEDURE resolve_twice(what text) LANGUAGE plpgsql AS $$
DECLARE
    run cdp_data.match_run;
    people text;
BEGIN
    EXECUTE 'CALL cdp.resolve()';
    SELECT * INTO run FROM cdp_data.match_run ORDER BY run_id DESC LIMIT 1;
    people := who_is_who();
    CREATE TEMP TABLE before ON COMMIT DROP AS SELECT record_id, profile_id FROM cdp_data.record;
    EXECUTE 'CALL cdp.resolve(mode => ''full'')';
    INSERT INTO outcome (what, run, people, wrong) SELECT resolve_twice.what, run.mode, people, (SELECT count(*) FROM before b JOIN cdp_data.record r USING (record_id) WHERE r.profile_id <> b.profile_id);
    DROP TABLE before;
END
$$;
CALL resolve_twice('first');
SELECT value AS trusted FROM cdp_data.match_statistic WHERE name = 'national_ids_trusted';
SELECT comparison, value_a, value_b, level FROM cdp_data.record a, cdp_data.record b, cdp.explain_match(a.record_id, b.record_id) WHERE a.source_key = 'v1' AND b.source_key = 'v2' AND comparison IN ('verified id in common', 'together');
-- A name that contradicts, and one that no longer does.
UPDATE crm SET given = 'Hugo', family = 'Weiss' WHERE id = 'v2';
SELECT rows_changed FROM cdp.ingest('crm');
CALL resolve_twice('v2 has another name');
UPDATE crm SET given = 'Ana', family = 'Rojas' WHERE id IN ('v2', 'v3');
SELECT rows_changed FROM cdp.ingest('crm');
CALL resolve_twice('v2 and v3 are called Ana');
INSERT INTO crm VALUES ('v5', 'Anita', 'Rojas', 'a5@five.example', '1999-09-09', rut(15111222));
SELECT rows_new FROM cdp.ingest('crm');
CALL resolve_twice('one more');
-- The number alone, against all else: the model by itself would not even link it.
INSERT INTO crm VALUES ('v6', NULL, NULL, 'zz@six.example', '2001-12-30', rut(15111222));
SELECT rows_new FROM cdp.ingest('crm');
CALL resolve_twice('the number alone');
SELECT count(*) AS links, max(e.probability) < 0.3 AS unlikely, min(e.reason) AS reason FROM cdp_data.match_edge e JOIN cdp_data.record r ON r.record_id IN (e.record_a, e.record_b) WHERE r.source_key = 'v6';
SELECT blocked, records, people FROM cdp.block_value('national_id', rut(15111222));
CALL resolve_twice('blocked');
SELECT unblocked, records, people FROM cdp.unblock_value('national_id', rut(15111222));
CALL resolve_twice('free');
DELETE FROM cdp_data.record WHERE source_key = 'v1';
CALL resolve_twice('without v1');
-- What a steward says counts more.
SELECT cdp.reject_match(a.record_id, b.record_id) IS NOT NULL AS decided FROM cdp_data.record a, cdp_data.record b WHERE a.source_key = 'v2' AND b.source_key = 'v5';
CALL resolve_twice('v2 is not v5');
-- A source of no country: the number is only compared.
UPDATE shop SET nid = rut(15111222), given = 'Ana', family = 'Rojas' WHERE id = 'w2';
UPDATE shop SET nid = rut(15111222), given = NULL, family = NULL WHERE id = 'w1';
SELECT rows_changed FROM cdp.ingest('shop');
CALL resolve_twice('w1 and w2 have it, from a source without a country');
-- With the country the number is read again, and is verified, though nothing in the record has changed.
UPDATE cdp_data.source SET country = 'CL' WHERE name = 'shop';
SELECT rows_changed FROM cdp.ingest('shop');
CALL cdp.resolve() \g /dev/null
SELECT (SELECT mode FROM cdp_data.match_run ORDER BY run_id DESC LIMIT 1), r.source_key, m.identifiers FROM cdp_data.match_record m JOIN cdp_data.record r USING (record_id) WHERE r.source_key ~ '^w' ORDER BY 2;
CALL resolve_twice('shop is in Chile');
SELECT what, run, people, wrong FROM outcome ORDER BY n;
