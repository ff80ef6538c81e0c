-- Files as they come: encodings, delimiters, and whether point or comma separates the decimals of a column.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';

-- One text in five encodings, against the server's own conversions.
SELECT e.name, cdp.detect_encoding(e.bytes) AS detected, cdp.decode_text(e.bytes) = E'id;name\n1;Muñoz – „ok“\n' AS right FROM (VALUES
    ('utf-8', convert_to(E'id;name\n1;Muñoz – „ok“\n', 'UTF8')),
    ('utf-8 with mark', '\xefbbbf'::bytea || convert_to(E'id;name\n1;Muñoz – „ok“\n', 'UTF8')),
    ('windows-1252', convert_to(E'id;name\n1;Muñoz – „ok“\n', 'WIN1252')),
    ('utf-16le with mark', '\xfffe690064003b006e0061006d0065000a0031003b004d007500f1006f007a002000132020001e206f006b001c200a00'::bytea),
    ('utf-16be without', '\x00690064003b006e0061006d0065000a0031003b004d007500f1006f007a00202013002020'::bytea || '\x1e006f006b201c000a'::bytea)) AS e(name, bytes);
SELECT cdp.decode_text('\xf1', 'latin-1'), cdp.decode_text('\x80', 'cp1252'), cdp.decode_text('\x610062'), cdp.decode_text(NULL), cdp.decode_text(''), cdp.detect_encoding('');
SELECT cdp.decode_text('\x61', 'ebcdic');
CREATE SCHEMA landing;
SELECT * FROM cdp.load_csv('landing.latin', convert_to(E'id|name\n1|Muñoz\n2|Peña\n', 'LATIN1'));
SELECT * FROM cdp.load_csv('landing.wide', '\xfffe690064003b006e000a0031003b0032000a00'::bytea);
SELECT * FROM cdp.load_csv('landing.wide', '\x69643b6e0a333b340a'::bytea, delimiter => ';', encoding => 'utf-8');
SELECT * FROM landing.latin ORDER BY id;
SELECT * FROM landing.wide ORDER BY id;
-- The delimiter is found, with quotes around it and decimal commas inside.
SELECT cdp.load_csv('landing.a', E'id,amount\n1,"1,5"\n'), cdp.load_csv('landing.b', E'id;amount\n1;1,5\n2;2,5\n'), cdp.load_csv('landing.c', E'id\tamount\n1\t1,5\n'), cdp.load_csv('landing.d', E'sep=|\nid|amount\n1|1,5\n');
SELECT * FROM landing.a UNION ALL SELECT * FROM landing.b UNION ALL SELECT * FROM landing.c UNION ALL SELECT * FROM landing.d;

-- One number, read by the column's mark.
SELECT v, cdp.normalize_number(v) AS by_itself, cdp.read_number(v, ',') AS comma, cdp.read_number(v, '.') AS point
FROM unnest(ARRAY['1.234', '1,234', '1.234,5', '1,234.5', '12,5', '12.5', '1.234.567', '1,234,567', '$ 1.234', '-1.234,00', '(1.234)', '12,345', '0,125', '0.125', '1234', 'abc', '1.23.4', '', NULL]) v;
-- Property: what is written in a convention is read back in it.
SELECT count(*) AS tried, count(*) FILTER (WHERE cdp.read_number(point, '.') IS DISTINCT FROM x) AS wrong_point, count(*) FILTER (WHERE cdp.read_number(translate(point, '.,', ',.'), ',') IS DISTINCT FROM x) AS wrong_comma
FROM (SELECT x, CASE WHEN n % 2 = 0 THEN btrim(to_char(x, CASE n % 3 WHEN 0 THEN 'FM999,999,999,990.000' WHEN 1 THEN 'FM999,999,999,990.00' ELSE 'FM999,999,999,990' END)) ELSE x::text END AS point
      FROM (SELECT n, round(((hashint4(n)::bigint % 100000000)::numeric / 1000), CASE n % 3 WHEN 0 THEN 3 WHEN 1 THEN 2 ELSE 0 END) AS x FROM generate_series(1, 5000) n) AS r) AS t;
-- The column says.
CREATE TABLE landing.sums (id int, comma text, point text, either text, mixed text, none text, n numeric);
INSERT INTO landing.sums VALUES (1, '1.234', '1,234', '1.234', '12,5', 'abc', 1.5), (2, '12,5', '12.5', '2.345', '12.5', NULL, 2.5), (3, '1.234.567', '1,234,567.8', '3', '1', '', 3);
SELECT c AS column, m.* FROM unnest(ARRAY['comma', 'point', 'either', 'mixed', 'none', 'n']) c, cdp.infer_decimal_mark('landing.sums', ARRAY[c]) m;
SELECT * FROM cdp.infer_decimal_mark('landing.nowhere');
-- A source keeps it, and its ambiguous values are read by it.
SELECT cdp.add_attribute('points', 'number');
SELECT count(*) FROM cdp.add_source('comma', 'landing.sums', key => 'id', mapping => '{"comma": "points"}');
SELECT count(*) FROM cdp.add_source('point', 'landing.sums', key => 'id', mapping => '{"point": "points"}');
SELECT count(*) FROM cdp.add_source('either', 'landing.sums', key => 'id', mapping => '{"either": "points"}');
SELECT name, decimal_mark FROM cdp_data.source ORDER BY name;
SELECT rows_new FROM cdp.ingest('comma'), LATERAL (SELECT 1) x;
SELECT rows_new FROM cdp.ingest('either');
SELECT s.name, r.source_key, r.details -> 'points' AS points FROM cdp_data.record r JOIN cdp_data.source s USING (source_id) ORDER BY 1, 2;
UPDATE cdp_data.source SET decimal_mark = ',' WHERE name = 'either';
SELECT rows_changed FROM cdp.ingest('either');
SELECT s.name, r.source_key, r.details -> 'points' AS points FROM cdp_data.record r JOIN cdp_data.source s USING (source_id) WHERE s.name = 'either' ORDER BY 1, 2;
-- Events too.
CREATE TABLE landing.sales (nr text PRIMARY KEY, who text, day text, total text);
INSERT INTO landing.sales VALUES ('a', '1', '2026-01-05', '1.234'), ('b', '1', '2026-01-05', '99,90');
SELECT count(*) FROM cdp.add_source('sales', 'landing.sales', kind => 'events', person_source => 'comma', event_kind => 'purchase', mapping => '{"who": "person_key", "day": "occurred_at", "total": "amount"}');
SELECT rows_new FROM cdp.ingest('sales');
SELECT event_key, amount FROM cdp_data.event ORDER BY 1;
