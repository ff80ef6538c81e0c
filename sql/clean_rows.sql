-- What cdp.dedupe() cleans on the way in (cdp._resolve_rows) is what SQL makes of the same rows (cdp._dedupe_query, for cdp.link()).
CREATE EXTENSION cdp;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
SET datestyle = 'ISO, YMD';
SET timezone = 'UTC';

-- Counts the rows of a relation whose record is another in C++ than in SQL.
CREATE FUNCTION differences(relation regclass, country text DEFAULT NULL, OUT rows bigint, OUT fields text, OUT different bigint, OUT example text)
LANGUAGE plpgsql AS $$
DECLARE
    q record;
    columns text;
BEGIN
    SELECT * INTO q FROM cdp._dedupe_query(relation, 'id', NULL, NULL, country, '', 0);
    fields := array_to_string(q.fields, ' ');
    SELECT string_agg('c' || i, ', ' ORDER BY i) INTO columns FROM generate_subscripts(q.fields, 1) AS i;
    EXECUTE format($q$
        WITH by_sql AS (
            SELECT r.order_key, ARRAY[nullif(r.given_name, ''), nullif(r.family_name, ''), r.birth_date::text, nullif(r.email_key, ''), nullif(r.phone_key, ''),
                                      nullif(r.street, ''), nullif(r.city, ''), nullif(r.postal_code, ''), nullif(r.national_id, ''), nullif(r.gender, '')]
                   || array_remove(coalesce(r.identifiers, '{}'), NULL) AS record
            FROM (%s) AS r(record_id, order_key, given_name, family_name, birth_date, email_key, phone_key, street, city, postal_code, national_id, gender, identifiers)),
        in_core AS (
            SELECT hashtextextended(r.record_key, 0) AS order_key, cdp._clean_row(ARRAY[%s], $1, $2, current_date, coalesce($3, '')) AS record
            FROM (%s) AS r(record_key, sort_number, %s))
        SELECT count(*), count(*) FILTER (WHERE s.record IS DISTINCT FROM c.record),
               min(s.record::text || ' is ' || c.record::text) FILTER (WHERE s.record IS DISTINCT FROM c.record)
        FROM by_sql s FULL JOIN in_core c USING (order_key)$q$, q.records, columns, q.rows, columns)
    INTO rows, different, example USING q.fields, q.date_orders, country;
END
$$;

-- Every value with every other in turn.
CREATE FUNCTION pick(i bigint, step bigint, options text[]) RETURNS text IMMUTABLE
RETURN options[1 + (i / step) % cardinality(options)];
CREATE TABLE people (id int, first_name text, last_name text, full_name text, birth_date text, email text, work_email text, phone text, street text,
                     house_number text, city text, postal_code text, national_id text, gender text, country text, loyalty_id text, login text);
INSERT INTO people
SELECT i, pick(i, 1, '{Ana,MARÍA DEL CARMEN,mr john,Dr. Eva,NULL,"",n/a,J,O''Brien Jr.,Иван,王,Test,😀,"Anna  B","Ann-Marie III"}'),
       pick(i, 3, '{García,SMITH JR,"Van der Berg",NULL,"  ",xxx,Müller,"Lee IV",42,Prof Hill,"Ortiz Ñ"}'),
       pick(i, 5, '{"García, Ana","Juan de la Cruz García",NULL,"",Madonna,"Dr. Max Mustermann",N/A}'),
       pick(i, 7, '{1985-03-05,05/03/1985,31.12.1999,NULL,"",1900-01-01,2000-01-01,2999-01-01,5/3/28,"3 de mayo de 1985",13/13/1985,19850305}'),
       pick(i, 2, '{A.Na+x@googlemail.com," ana@example.com ",NULL,"",ana@@x,not an address,test@test.com,info@firma.de,ANA@MÜLLER.example}'),
       pick(i, 11, '{NULL,"   ",work@example.com,@,none}'),
       pick(i, 13, '{"+49 30 2345678",(212) 555-0123,5550123,NULL,"",0000000,1234567,"+56 9 8765 4321 ext 5",12,"030/2345678"}'),
       pick(i, 17, '{Hauptstr.,"123 N Main St #4B",NULL,"  ","Av. Providencia","C/ Mayor 5, 2º B","PO Box 12"}'),
       pick(i, 19, '{12,NULL,""," 7b "}'),
       pick(i, 23, '{"New  York",MÜNCHEN,NULL,"",unknown,São Paulo,東京}'),
       pick(i, 29, '{10115,sw1a1aa,NULL,"",2139,02139-4307,---,D-10115}'),
       pick(i, 31, '{12345678Z,30.686.957-4,NULL,"",8.78E+12,11.111.111-1,"''00123"}'),
       pick(i, 37, '{f,M,female,NULL,"",hombre,?,x,prefer not to say}'),
       pick(i, 41, '{DE,Alemania,Chile,NULL,"",US,Atlantis}'),
       pick(i, 43, '{L100,NULL,""," L200 ",8.78E+12}'), pick(i, 47, '{anna,NULL,"",n/a}')
FROM generate_series(1::bigint, 6000) AS i;
SELECT * FROM differences('people');
SELECT * FROM differences('people', 'ES');
SELECT * FROM differences('people', 'US');

-- Columns of other types, domains and arrays; several of one meaning; a place of birth for a city.
CREATE DOMAIN name_type AS varchar(40) CHECK (length(VALUE) > 1);
CREATE TABLE odd (id uuid, first_name name_type, surname varchar(20), birth_date date, date_of_birth timestamp, phone bigint, mobile text, email text[],
                  postcode int, birth_place char(12), ssn numeric, gender "char");
INSERT INTO odd
SELECT md5(i::text)::uuid, pick(i, 1, '{Ana,Peter,"mr Max",NULL}'), pick(i, 2, '{Bau,Moser,NULL,Krug Jr}'),
       CASE WHEN i % 3 > 0 THEN date '1960-01-01' + (i % 9000)::int WHEN i % 2 = 0 THEN 'infinity' END,
       CASE WHEN i % 5 > 0 THEN timestamp '1961-02-03 04:05' + i % 900 * interval '1 day' END,
       CASE WHEN i % 4 > 0 THEN 2125550000 + i % 100 END, pick(i, 3, '{NULL,"",+49301234567,abc}'),
       CASE i % 3 WHEN 0 THEN ARRAY['a' || i || '@example.com'] WHEN 1 THEN '{}' END, CASE WHEN i % 7 > 0 THEN 2139 + i % 50 END,
       pick(i, 2, '{Berlin,NULL,"  "}'), CASE WHEN i % 6 > 0 THEN 123456789 + i END, CASE i % 4 WHEN 0 THEN 'f' WHEN 1 THEN 'M' WHEN 2 THEN '?' END
FROM generate_series(1::bigint, 900) AS i;
SELECT * FROM differences('odd');
SELECT * FROM differences('odd', 'US');

-- One by one.
SELECT cdp._clean_row('{MR. John,"O''Brien, Jr.",3/4/1985}', '{given_name,family_name,birth_date}', '{dmy,dmy,mdy}', '2026-01-01');
SELECT cdp._clean_row('{}', '{}', '{}', '2026-01-01');
SELECT cdp._clean_row('{a}', '{shoe_size}', '{dmy}', '2026-01-01');
SELECT cdp._clean_row('{a}', '{city}', '{abc}', '2026-01-01');
SELECT cdp._clean_row('{a,b}', '{city}', '{dmy}', '2026-01-01');
SELECT cdp._clean_row('{a}', '{city}', '{}', '2026-01-01');
SELECT count(*) FROM cdp._resolve_rows('SELECT 1', '{city}', '{dmy}', '2026-01-01');
SELECT count(*) FROM cdp._resolve_rows('SELECT NULL::text, 1::bigint, ''x''::text', '{city}', '{dmy}', '2026-01-01');
SELECT count(*) FROM cdp._resolve_rows('SELECT ''1''::text, 1::bigint, ''x''::text', '{city}', '{dmy}', '2026-01-01', threshold => 0);
-- More rows than are cleaned at once, and one thread or several.
SET cdp.workers = 3;
SELECT count(*), count(DISTINCT cluster_id), min(match_probability) > 0.9 AS sure
FROM cdp._resolve_rows('SELECT g::text, g::bigint, ''Anna'' || g % 15000, ''Name'' || g % 15000, ''a'' || g % 15000 || ''@example.com''
                        FROM generate_series(1, 20000) AS g', '{given_name,family_name,email}', '{dmy,dmy,dmy}', '2026-01-01');
SELECT count(*) FROM cdp._resolve_rows('SELECT g::text, g::bigint, ''Anna'', (1 / (19000 - g))::text FROM generate_series(1, 20000) AS g', '{given_name,family_name}', '{dmy,dmy}', '2026-01-01');
SET cdp.memory_limit = '16MB';
SELECT count(*) FROM cdp._resolve_rows('SELECT g::text, g::bigint, md5(g::text), md5((-g)::text) FROM generate_series(1, 200000) AS g', '{city,email}', '{dmy,dmy}', '2026-01-01');
RESET cdp.memory_limit;
