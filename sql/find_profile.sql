-- Looking before deciding: finding a person, the pairs that wait, what another threshold would do.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
UPDATE cdp_data.setting SET value = 'CL' WHERE name = 'country';
CREATE TABLE crm (key text PRIMARY KEY, given text, family text, born date, mail text, phone text, street text, city text, zip text, id text);
CREATE FUNCTION pick(n int, VARIADIC what text[]) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT abs(('x' || substr(md5(array_to_string(what, ' ')), 1, 7))::bit(28)::int) % n $$;
CREATE FUNCTION word(n int, VARIADIC what text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT initcap(translate(substr(md5('w' || pick(n, VARIADIC what)), 1, 7), '0123456789', 'klmnopqrst')) $$;
-- The same people under several spellings; the further from their first record, the less they have in common.
INSERT INTO crm SELECT p || '-' || c, CASE WHEN pick(4, p::text, c::text, 'i') = 0 THEN left(word(40, p::text, 'g'), 1) || '.' ELSE word(40, p::text, 'g') END,
    word(60, p::text, 'f') || CASE WHEN pick(4, p::text, c::text, 'e') = 0 THEN 'e' ELSE '' END,
    CASE WHEN pick(3, p::text, c::text, 'b') > 0 THEN date '1950-01-01' + pick(9000, p::text, CASE WHEN pick(9, p::text, c::text, 'bb') = 0 THEN c ELSE 0 END::text, 'b') END,
    CASE WHEN pick(3, p::text, c::text, 'm') = 0 THEN 'p' || p || '@example.com' END, CASE WHEN pick(4, p::text, c::text, 'p') = 0 THEN '+5696' || lpad((1000000 + 7919 * p)::text, 7, '0') END,
    CASE WHEN pick(3, p::text, c::text, 's') = 0 THEN 'Street ' || pick(200, p::text, 's') END, 'City ' || pick(9, p::text, c::text, 'c'), NULL, NULL
FROM generate_series(1, 300) p, generate_series(1, 3) c WHERE pick(2, p::text, c::text) = 0 OR c = 1;
INSERT INTO crm VALUES
    ('ana',   'Ana María', 'Rojas Soto',  '1980-02-03', 'ana.rojas@example.com', '+56945127788', 'Sur 3', 'Osorno', '5290000', '14.569.481-7'),
    ('ana2',  'Ana',       'Rojas',       '1980-02-03', 'ana.rojas@example.com', NULL,           NULL,    'Osorno', NULL,      NULL),
    ('luis',  'Luis',      'Rojas Soto',  '1983-09-09', NULL,                    '+56945127788', 'Sur 3', 'Osorno', '5290000', '9.735.826-5'),
    ('bob',   'Robert',    'O''Higgins',  '1971-11-12', NULL,                    NULL,           NULL,    'Talca',  NULL,      NULL),
    ('garcia','Juan',      'García',      '1966-05-30', NULL,                    NULL,           NULL,    'Talca',  NULL,      NULL);
SELECT count(*) FROM cdp.add_source('crm', 'crm', date_order => 'ymd', mapping => '{"given": "given_name", "family": "family_name", "born": "birth_date", "mail": "email", "phone": "phone", "street": "street", "city": "city", "zip": "postal_code", "id": "national_id"}');
SELECT rows_rejected FROM cdp.ingest('crm');
CALL cdp.resolve() \g /dev/null
CREATE FUNCTION key_of(profile_id bigint) RETURNS text LANGUAGE sql STABLE AS $$ SELECT min(r.source_key) FROM cdp_data.record r WHERE r.profile_id = $1 $$;
SELECT cdp.profile_of('crm', 'ana') = cdp.profile_of('crm', 'ana2') AS one_ana, cdp.profile_of('crm', 'ana') <> cdp.profile_of('crm', 'luis') AS not_luis;

-- Exact values, in any spelling.
SELECT key_of(profile_id), score, matched_by, differs_in, given_name, record_count FROM cdp.find_profile(email => ' ANA.ROJAS@Example.com ');
SELECT key_of(profile_id), score, matched_by, differs_in FROM cdp.find_profile(phone => '9 4512 7788');
SELECT key_of(profile_id), score, matched_by, differs_in FROM cdp.find_profile(national_id => '14569481-7');
-- A shared phone, and the name that tells who it is.
SELECT key_of(profile_id), score, matched_by, differs_in FROM cdp.find_profile(phone => '+56945127788', name => 'Luis Rojas');
SELECT key_of(profile_id), score, matched_by, differs_in FROM cdp.find_profile(phone => '+56945127788', national_id => '9735826-5');
-- Names: order, accents with the date of birth, nicknames, swapped day and month.
SELECT key_of(profile_id), score, matched_by, differs_in FROM cdp.find_profile(name => 'rojas soto, ana maria');
SELECT key_of(profile_id), score, matched_by, differs_in FROM cdp.find_profile(name => 'Garcia Juan', birth_date => '1966-05-30');
SELECT key_of(profile_id), score, matched_by, differs_in FROM cdp.find_profile(name => 'Bob O''Higgins', birth_date => '1971-12-11');
SELECT key_of(profile_id), score, matched_by, differs_in FROM cdp.find_profile(name => 'Ana Rojas', birth_date => '1999-02-03');
SELECT count(*) FROM cdp.find_profile(name => 'Nobody At All');
SELECT count(*) FROM cdp.find_profile(phone => '+56945127788', max_results => 1);
-- What makes no sense.
SELECT * FROM cdp.find_profile();
SELECT * FROM cdp.find_profile(email => '', name => '  ');
SELECT * FROM cdp.find_profile(birth_date => '1980-02-03');
SELECT * FROM cdp.find_profile(email => 'nonsense');
SELECT * FROM cdp.find_profile(phone => '12');
SELECT count(*) FROM cdp.find_profile(name => repeat('x y ', 10000), birth_date => 'infinity');
SELECT count(*) FROM cdp.find_profile(name => ',;.');
-- Against a plain scan: everybody is found by what their record says, first by e-mail, and nobody is found who agrees in nothing.
SELECT count(*) AS lost FROM cdp_data.record r
WHERE r.email IS NOT NULL AND NOT EXISTS (SELECT FROM cdp.find_profile(email => r.email) f WHERE f.profile_id = r.profile_id AND 'email' = ANY (f.matched_by));
SELECT count(*) AS lost FROM cdp_data.record r
WHERE r.birth_date IS NOT NULL AND length(r.given_name) > 2 AND NOT EXISTS (SELECT FROM cdp.find_profile(name => r.given_name || ' ' || r.family_name, birth_date => r.birth_date, max_results => 1000) f WHERE f.profile_id = r.profile_id);
SELECT count(*) AS without_reason FROM (SELECT * FROM cdp_data.record WHERE phone IS NOT NULL ORDER BY source_key LIMIT 50) r, cdp.find_profile(phone => r.phone) f WHERE f.matched_by = '{}' OR f.score <= 0 OR f.score > 1;

-- The pairs that wait for a steward: against the table of edges.
SELECT count(*) > 5 AS some, count(*) = (SELECT count(*) FROM cdp_data.match_edge e JOIN cdp_data.record a ON a.record_id = e.record_a JOIN cdp_data.record b ON b.record_id = e.record_b
                                     WHERE NOT e.is_merged AND a.profile_id <> b.profile_id) AS all_of_them,
       bool_and(probability BETWEEN 0.3 AND 0.75 OR why LIKE 'similar%') AS grey, bool_and(profile_a <> profile_b) AS apart FROM cdp_data.match_review;
CREATE TABLE first AS SELECT * FROM cdp_data.match_review ORDER BY probability DESC, record_a, record_b LIMIT 1;
SELECT decision_id FROM first, cdp.confirm_match(record_a, record_b);
SELECT count(*) AS still_waits FROM cdp_data.match_review v JOIN first f USING (record_a, record_b);
SELECT withdrawn_id FROM cdp.withdraw_decision(1);
SELECT count(*) AS waits_again FROM cdp_data.match_review v JOIN first f USING (record_a, record_b);
SELECT decision_id FROM first, cdp.reject_match(record_a, record_b);
SELECT count(*) AS still_waits FROM cdp_data.match_review v JOIN first f ON (v.profile_a, v.profile_b) = (f.profile_a, f.profile_b);
-- The score of a pair without term frequencies, against one with: near enough for a person to judge by.
SELECT e.basis, count(*) > 5 AS several FROM cdp_data.match_review v, cdp.match_score(v.record_a, v.record_b) e WHERE e.probability = v.probability AND e.bits = v.bits GROUP BY e.basis;
BEGIN;
CREATE TABLE kept AS SELECT e.record_a, e.record_b, s.bits, e.weight - coalesce(e.term_weight, 0) AS plain FROM cdp_data.match_edge e, cdp.match_score(e.record_a, e.record_b) s;
DELETE FROM cdp_data.match_edge;
SELECT s.basis, count(*) > 50 AS many, count(*) FILTER (WHERE abs(s.bits - k.plain) > 0.01) AS differ, bool_and(s.probability BETWEEN 0 AND 1) AS are_probabilities FROM kept k, cdp.match_score(k.record_a, k.record_b) s GROUP BY s.basis;
ROLLBACK;

-- Another threshold, looked at before.
SELECT count(*) FROM cdp.resolve_preview() WHERE change = 'merge';
SELECT count(*) > 3 AS merges_more, min(parts) > 1 AS parts FROM cdp.resolve_preview(0.2) WHERE change = 'merge';
CREATE TABLE preview AS SELECT row_number() OVER () AS n, * FROM cdp.resolve_preview(0.97);
SELECT change, count(*) > 3 AS several, min(parts) > 1 AS parts FROM preview GROUP BY change ORDER BY change;
SELECT count(*) AS out_of_order FROM preview a JOIN preview b ON b.n = a.n + 1 AND b.records > a.records;
SELECT count(*) AS changed FROM cdp_data.match_model WHERE NOT is_active;
UPDATE cdp_data.setting SET value = '0.97' WHERE name = 'match_threshold';
CREATE TABLE before AS SELECT record_id, profile_id FROM cdp_data.record;
CALL cdp.resolve() \g /dev/null
SELECT count(*) AS predicted_otherwise FROM preview p WHERE p.change = 'split' AND p.parts <> (SELECT count(DISTINCT r.profile_id) FROM before b JOIN cdp_data.record r USING (record_id) WHERE b.profile_id = p.profile_ids[1]);
SELECT count(*) AS not_predicted FROM (SELECT b.profile_id FROM before b JOIN cdp_data.record r USING (record_id) GROUP BY b.profile_id HAVING count(DISTINCT r.profile_id) > 1) s
WHERE NOT EXISTS (SELECT FROM preview p WHERE p.change = 'split' AND p.profile_ids[1] = s.profile_id);
SELECT * FROM cdp.resolve_preview(1);
SELECT * FROM cdp.resolution_report(4711);
SELECT measure, value FROM cdp.resolution_report(1) WHERE measure = 'model';
