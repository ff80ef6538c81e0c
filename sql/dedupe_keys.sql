-- cdp._resolve_keys, the engine for cdp.dedupe: against the pairs and clusters of cdp._resolve_records joined and numbered in SQL,
-- with one process and several; the order of keys of every type; errors.
CREATE EXTENSION cdp;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
SET datestyle = 'ISO, YMD';

-- Some 8,000 people with one to four records each, who misspell, leave out and share things.
CREATE TABLE people (id int, first_name text, last_name text, birth_date text, email text, phone text, street text, postal_code text, loyalty_id text);
INSERT INTO people
SELECT p * 4 + r, CASE WHEN r = 2 THEN left(f, 1) ELSE f END, CASE WHEN r = 1 AND h % 3 = 0 THEN left(l, -1) ELSE l END,
       CASE WHEN h % 5 <> r THEN to_char(date '1940-01-01' + h % 24000, 'YYYY-MM-DD') END,
       CASE WHEN h % 4 <> r THEN lower(f || '.' || l) || h % 977 || '@example.com' END,
       CASE WHEN h % 3 <> r THEN '+49 30 ' || 2000000 + h % 900000 END,
       CASE WHEN r <> 3 THEN 'Hauptstrasse ' || 1 + h % 60 END, lpad((10000 + h % 700)::text, 5, '0'),
       CASE WHEN h % 6 = 0 AND r IN (0, 3) THEN 'L' || h END
FROM (SELECT p, hashint4(p) & 1073741823 AS h,
             (ARRAY['Anna', 'Peter', 'Julia', 'Martin', 'Laura', 'Simon', 'Clara', 'Oscar', 'Nina', 'Felix', 'Ruth', 'Hugo', 'Ines', 'Karl', 'Vera'])[1 + (hashint4(p + 7) & 65535) % 15] AS f,
             (ARRAY['Bau', 'Krug', 'Linde', 'Moser', 'Stein', 'Wald', 'Zeller'])[1 + (hashint4(p + 8) & 65535) % 7] ||
             (ARRAY['mann', 'er', 'hof', 'bach', 'berg'])[1 + (hashint4(p + 9) & 65535) % 5] AS l
      FROM generate_series(1, 8000) AS p) AS person
CROSS JOIN generate_series(0, 3) AS r WHERE r <= h % 4;
ANALYZE people;
SELECT count(*), pg_relation_size('people') > 1024 * 1024 AS is_read_in_parallel FROM people;

CREATE TABLE one AS SELECT * FROM cdp.dedupe('people', 'id', country => 'DE');
SET cdp.workers = 4;
CREATE TABLE several AS SELECT * FROM cdp.dedupe('people', 'id', country => 'DE');
SHOW max_parallel_workers_per_gather;
RESET cdp.workers;
SELECT count(*) FROM ((TABLE one EXCEPT ALL TABLE several) UNION ALL (TABLE several EXCEPT ALL TABLE one)) AS differences;
SELECT q.records FROM cdp._dedupe_query('people', 'id', NULL, NULL, 'DE', '', 0) AS q \gset
CREATE TABLE answer AS SELECT * FROM cdp._resolve_records(:'records');
WITH edge AS (
    SELECT u.record_id, max(CASE a.reason WHEN 'identifier' THEN 1 ELSE a.probability END) AS probability
    FROM answer a CROSS JOIN LATERAL (VALUES (a.record_a), (a.record_b)) AS u(record_id) WHERE a.row_kind = 'edge' GROUP BY 1),
placed AS (
    SELECT p.id, min(p.id) OVER (PARTITION BY c.record_b) AS first_id, e.probability FROM people p
    JOIN answer c ON c.row_kind = 'cluster' AND c.record_a = hashtextextended(p.id::text, 0) LEFT JOIN edge e ON e.record_id = c.record_a),
expected AS (SELECT p.id::text AS record_key, dense_rank() OVER (ORDER BY p.first_id) AS cluster_id, p.probability FROM placed p)
SELECT count(*) AS records, max(e.cluster_id) AS people, count(*) FILTER (WHERE o.record_key IS NULL) AS differences
FROM expected e LEFT JOIN one o ON o.record_key = e.record_key AND o.cluster_id = e.cluster_id AND o.match_probability IS NOT DISTINCT FROM e.probability;

-- All the cleaning is done by the processes, not only the reading.
SELECT q.records FROM cdp._dedupe_query('people', 'id', NULL, NULL, 'DE', '', 0, with_keys => true) AS q \gset
SET max_parallel_workers_per_gather = 3;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = '1MB';
CREATE FUNCTION top_of_plan(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT json) ' || query INTO plan;
    RETURN plan -> 0 -> 'Plan' ->> 'Node Type';
END
$$;
SELECT top_of_plan(:'records');
RESET max_parallel_workers_per_gather;
RESET parallel_setup_cost;
RESET parallel_tuple_cost;
RESET min_parallel_table_scan_size;

-- Rows come in the order of the key: numbers and times by value, texts by bytes.
CREATE TABLE keyed AS
SELECT hashint4(i)::bigint AS big, (hashint4(i) % 1000)::numeric / 8 + i * 1000 AS number, date '1990-01-01' + hashint4(i) % 90000 AS day,
       chr(65 + i % 60) || repeat('x', i % 12) || i AS name, 'n' || i AS last_name, 'mail' || i / 2 || '@example.com' AS email
FROM generate_series(1, 300) AS i;
UPDATE keyed SET day = 'infinity' WHERE last_name = 'n7';
DELETE FROM keyed k USING keyed o WHERE o.day = k.day AND o.last_name < k.last_name;
CREATE FUNCTION in_order(key text, type text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE result boolean;
BEGIN
    EXECUTE format($q$
        SELECT array_agg(d.record_key ORDER BY d.n) = (SELECT array_agg(k.%1$I::text ORDER BY k.%1$I %2$s) FROM keyed k) AND max(d.cluster_id) < count(*)
        FROM cdp.dedupe('keyed', %1$L, columns => '{last_name,email}') WITH ORDINALITY AS d(record_key, cluster_id, match_probability, n)$q$,
        key, CASE WHEN type = 'text' THEN 'COLLATE "C"' END) INTO result;
    RETURN result;
END
$$;
SELECT k.key, in_order(k.key, k.type) FROM (VALUES ('big', 'bigint'), ('number', 'numeric'), ('day', 'date'), ('name', 'text')) AS k(key, type);

-- The same error whether the engine meets it alone or at the end of cdp.dedupe.
SELECT count(*) FROM cdp._resolve_keys('SELECT 1');
SELECT count(*) FROM cdp._resolve_keys(:'records', 1);
SELECT * FROM cdp._resolve_keys(NULL);
SELECT replace(:'records', 'n.record_key, n.sort_number', 'NULL::text AS record_key, n.sort_number') AS broken \gset
SELECT count(*) FROM cdp._resolve_keys(:'broken');
SELECT replace(:'records', 'n.record_key, n.sort_number', '1 AS record_key, n.sort_number') AS broken \gset
SELECT count(*) FROM cdp._resolve_keys(:'broken');
SELECT replace(:'records', 'FROM public.people AS s', 'FROM (SELECT * FROM public.people UNION ALL SELECT * FROM public.people WHERE id = 4) AS s') AS broken \gset
SELECT count(*) FROM cdp._resolve_keys(:'broken');
CREATE VIEW twice AS SELECT * FROM people UNION ALL SELECT * FROM people WHERE id = 4;
SELECT count(*) FROM cdp.dedupe('twice', 'id');
CREATE VIEW unknown AS SELECT nullif(id, 4) AS id, last_name, email FROM people;
SELECT count(*) FROM cdp.dedupe('unknown', 'id');
CREATE VIEW many AS SELECT g AS id, md5(g::text) AS last_name, md5((-g)::text) || '@example.com' AS email FROM generate_series(1, 200000) AS g;
SET cdp.memory_limit = '16MB';
DO $$
BEGIN
    PERFORM count(*) FROM cdp.dedupe('many', 'id');
EXCEPTION WHEN out_of_memory THEN RAISE NOTICE '%', SQLERRM;
END
$$;
RESET cdp.memory_limit;
SELECT count(*) FROM cdp.dedupe('people', 'id') AS d JOIN several s USING (record_key);
DROP EXTENSION cdp;
