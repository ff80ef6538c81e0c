-- The match model is rows: what an administrator changes counts from the next resolution on, and what cannot be is told before
-- anything is changed.
CREATE EXTENSION cdp;
\pset footer off
SET client_min_messages = warning;
SELECT cdp.install() LIKE 'store installed%' AS installed;
CREATE FUNCTION pick(n int, VARIADIC what text[]) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT abs(('x' || substr(md5(array_to_string(what, ' ')), 1, 7))::bit(28)::int) % n $$;
CREATE FUNCTION word(n int, VARIADIC what text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT initcap(translate(substr(md5('w' || pick(n, VARIADIC what)), 1, 7), '0123456789', 'klmnopqrst')) $$;
CREATE TABLE crm (id text PRIMARY KEY, given text, family text, mail text, phone text, born date, city text, zip text);
INSERT INTO crm SELECT p || t, word(60, p::text, 'g'), word(90, p::text, 'f') || CASE pick(6, p::text, t, 'x') WHEN 0 THEN 'e' ELSE '' END, CASE pick(3, p::text, t, 'm') WHEN 0 THEN NULL ELSE 'p' || p || '@example.com' END,
    CASE pick(3, p::text, t, 'p') WHEN 0 THEN NULL ELSE '+5696' || lpad((1000000 + 7919 * p)::text, 7, '0') END, CASE pick(5, p::text, t, 'd') WHEN 0 THEN NULL ELSE date '1950-01-01' + pick(15000, p::text, 'b') END,
    'City ' || pick(9, p::text, 'c'), (10000 + pick(40, p::text, 'z'))::text
FROM generate_series(1, 400) p, unnest(ARRAY['a', 'b']) t WHERE t = 'a' OR p % 2 = 0;
SELECT count(target) FROM cdp.add_source('crm', 'crm', key => 'id', mapping => '{"given": "given_name", "family": "family_name", "mail": "email", "phone": "phone", "born": "birth_date", "city": "city", "zip": "postal_code"}');
SELECT rows_rejected FROM cdp.ingest('crm');
CALL cdp.resolve() \g /dev/null
CREATE TABLE people_at_first AS SELECT record_id, profile_id FROM cdp_data.record;
-- Everything that the store holds.
CREATE FUNCTION fingerprint() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    t text;
    part text;
    whole text := '';
BEGIN
    FOR t IN SELECT c.oid::regclass FROM pg_class c WHERE c.relnamespace = 'cdp_data'::regnamespace AND c.relkind = 'r' ORDER BY c.relname COLLATE "C" LOOP
        EXECUTE format('SELECT md5(string_agg(x::text, ''|'' ORDER BY x::text)) FROM %s x', t) INTO part;
        whole := whole || t || coalesce(part, '-');
    END LOOP;
    RETURN md5(whole);
END
$$;
CREATE VIEW last_run AS SELECT mode, why, model_id = (SELECT min(model_id) FROM cdp_data.match_model) AS is_first_model FROM cdp_data.match_run ORDER BY run_id DESC LIMIT 1;

-- Blocking rules: what they brought up, against plain SQL for the first two.
SELECT rule, description, is_used, blocks > 0 AS has_blocks, pairs > 0 AS has_pairs FROM cdp_data.match_rule ORDER BY rule;
SELECT sum(r.pairs) = (SELECT value FROM cdp_data.match_statistic WHERE name = 'pairs_compared') AS pairs_add_up, sum(r.blocks) = (SELECT value FROM cdp_data.match_statistic WHERE name = 'blocks') AS blocks_add_up FROM cdp_data.match_rule r;
SELECT r.rule, r.blocks = (SELECT count(*) FROM (SELECT FROM cdp_data.match_record m WHERE email_key IS NOT NULL GROUP BY email_key HAVING count(*) > 1) b) AS blocks,
       r.pairs = (SELECT count(*) FROM cdp_data.match_record a JOIN cdp_data.match_record b USING (email_key) WHERE a.record_id < b.record_id) AS pairs FROM cdp_data.match_rule r WHERE rule = 1;
SELECT r.pairs = (SELECT count(*) FROM cdp_data.match_record a JOIN cdp_data.match_record b USING (phone_key) WHERE a.record_id < b.record_id AND (a.email_key = b.email_key) IS NOT TRUE) AS pairs FROM cdp_data.match_rule r WHERE rule = 2;
-- Off: records that have nothing but that in common are not compared; it stays off in a new model.
CREATE TABLE linked AS SELECT record_a, record_b FROM cdp_data.match_edge;
UPDATE cdp_data.match_rule SET is_used = false WHERE rule NOT IN (1, 2);
CALL cdp.resolve() \g /dev/null
SELECT * FROM last_run;
SELECT rule, is_used, blocks IS NULL AS no_blocks, pairs IS NULL AS no_pairs FROM cdp_data.match_rule WHERE rule < 4 ORDER BY rule;
SELECT sum(pairs) = (SELECT count(*) FROM cdp_data.match_record a JOIN cdp_data.match_record b ON a.record_id < b.record_id AND (a.email_key = b.email_key OR a.phone_key = b.phone_key)) AS pairs FROM cdp_data.match_rule;
SELECT count(*) AS links_of_nothing_in_common FROM cdp_data.match_edge e JOIN cdp_data.match_record a ON a.record_id = e.record_a JOIN cdp_data.match_record b ON b.record_id = e.record_b
WHERE (a.email_key = b.email_key OR a.phone_key = b.phone_key) IS NOT TRUE;
SELECT count(*) > 0 AS fewer_links FROM linked l WHERE NOT EXISTS (SELECT FROM cdp_data.match_edge e WHERE (e.record_a, e.record_b) = (l.record_a, l.record_b));
-- Changes under it as in a full run.
UPDATE crm SET given = 'Anna', mail = 'p7@example.com' WHERE id IN ('6a', '8b', '9a');
INSERT INTO crm SELECT p || 'c', word(60, p::text, 'g'), word(90, p::text, 'f'), 'p' || p || '@example.com' FROM generate_series(1, 30) p;
SELECT rows_new, rows_changed FROM cdp.ingest('crm');
CALL cdp.resolve() \g /dev/null
SELECT mode FROM last_run;
CREATE TABLE now_linked AS SELECT record_a, record_b, is_merged, reason, levels FROM cdp_data.match_edge;
CREATE TABLE now_people AS SELECT record_id, profile_id FROM cdp_data.record;
CALL cdp.resolve(mode => 'full') \g /dev/null
SELECT (SELECT count(*) FROM now_people p JOIN cdp_data.record r USING (record_id) WHERE r.profile_id <> p.profile_id) AS other_people,
       (SELECT count(*) FROM ((TABLE now_linked EXCEPT SELECT record_a, record_b, is_merged, reason, levels FROM cdp_data.match_edge) UNION ALL (SELECT record_a, record_b, is_merged, reason, levels FROM cdp_data.match_edge EXCEPT TABLE now_linked)) d) AS other_links;
CALL cdp.resolve(mode => 'train') \g /dev/null
SELECT model_id, count(*) FILTER (WHERE is_used) AS used, count(*) AS all_rules FROM cdp_data.match_rule GROUP BY model_id ORDER BY model_id;
UPDATE cdp_data.match_rule SET is_used = true;
CALL cdp.resolve(mode => 'train') \g /dev/null
SELECT bool_and(is_used) AS all_used FROM cdp_data.match_rule;

-- m and u: an e-mail address in common says nothing any more.
CREATE TABLE kept_level AS SELECT l.* FROM cdp_data.match_level l JOIN cdp_data.match_model m USING (model_id) WHERE m.is_active;
CREATE TABLE people_before AS SELECT record_id, profile_id FROM cdp_data.record;
CREATE TABLE edge_before AS SELECT * FROM cdp_data.match_edge;
UPDATE cdp_data.match_level l SET m = u, household = u FROM cdp_data.match_model m WHERE m.model_id = l.model_id AND m.is_active AND l.comparison = 'email';
SELECT count(*) AS weights_that_are_not_0 FROM cdp_data.match_level l JOIN cdp_data.match_model m USING (model_id) WHERE m.is_active AND l.comparison = 'email' AND abs(l.weight) > 1e-12;
CALL cdp.resolve() \g /dev/null
SELECT mode, why FROM last_run;
-- Every link is weaker by just that.
SELECT count(*) > 50 AS many, bool_and(abs(e.weight - b.weight + k.weight) - abs(e.term_weight - b.term_weight) < 1e-6) AS weaker_by_the_weight
FROM cdp_data.match_edge e JOIN edge_before b USING (record_a, record_b) JOIN kept_level k ON k.comparison = 'email' AND k.level = e.levels[4] WHERE e.levels[4] = 1 AND b.levels[4] = 1;
SELECT count(*) > 0 AS some_came_apart FROM people_before p JOIN cdp_data.record r USING (record_id) WHERE r.profile_id <> p.profile_id;
UPDATE cdp_data.match_level l SET m = k.m, household = k.household FROM kept_level k WHERE (l.model_id, l.comparison, l.level) = (k.model_id, k.comparison, k.level) AND l.comparison = 'email';
CALL cdp.resolve() \g /dev/null
SELECT count(*) AS not_as_before FROM (SELECT record_id, min(record_id) OVER (PARTITION BY profile_id) FROM people_before EXCEPT SELECT record_id, min(record_id) OVER (PARTITION BY profile_id) FROM cdp_data.record) AS d;
-- The share of a name: twice as common, one bit less.
UPDATE cdp_data.match_term t SET share = share * 2 FROM cdp_data.match_model m
WHERE m.model_id = t.model_id AND m.is_active AND t.comparison = 'family_name' AND t.value = (SELECT min(value) FROM cdp_data.match_term WHERE comparison = 'family_name' AND value <> '');
CALL cdp.resolve() \g /dev/null
SELECT mode FROM last_run;
SELECT count(*) > 0 AS some, bool_and(abs(b.term_weight - e.term_weight - 1) < 1e-6) AS one_bit_less
FROM cdp_data.match_edge e JOIN edge_before b USING (record_a, record_b) JOIN cdp_data.match_record x ON x.record_id = e.record_a JOIN cdp_data.match_record y ON y.record_id = e.record_b
WHERE e.levels[2] = 1 AND x.family_name = y.family_name AND x.family_name = (SELECT min(value) FROM cdp_data.match_term WHERE comparison = 'family_name' AND value <> '');
-- A shared value by hand, and without it again.
INSERT INTO cdp_data.match_shared_value (model_id, kind, value) SELECT m.model_id, 'email', 'p2@example.com' FROM cdp_data.match_model m WHERE m.is_active;
CALL cdp.resolve() \g /dev/null
SELECT mode, (SELECT e.levels[4] FROM cdp_data.match_edge e JOIN cdp_data.match_record x ON x.record_id = e.record_a WHERE x.email_key = 'p2@example.com' ORDER BY 1 DESC LIMIT 1) AS email_level FROM last_run;
DELETE FROM cdp_data.match_shared_value WHERE value = 'p2@example.com';
CALL cdp.resolve() \g /dev/null
SELECT mode, (SELECT e.levels[4] FROM cdp_data.match_edge e JOIN cdp_data.match_record x ON x.record_id = e.record_a WHERE x.email_key = 'p2@example.com' ORDER BY 1 DESC LIMIT 1) AS email_level FROM last_run;
-- The prior.
UPDATE cdp_data.match_model SET prior_match = prior_match / 1000 WHERE is_active;
CALL cdp.resolve() \g /dev/null
SELECT mode FROM last_run;
SELECT bool_and(e.probability <= b.probability) AS less_likely, bool_or(e.probability < b.probability) AS some FROM cdp_data.match_edge e JOIN edge_before b USING (record_a, record_b);
UPDATE cdp_data.match_model SET prior_match = prior_match * 1000 WHERE is_active;
CALL cdp.resolve() \g /dev/null

-- What cannot be is told with all that is wrong; nothing has changed.
CREATE FUNCTION try(change text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    before text;
    what text;
    details text;
BEGIN
    EXECUTE change;
    before := fingerprint();
    BEGIN
        PERFORM cdp._resolve('auto', NULL);
        RETURN 'it was resolved';
    EXCEPTION WHEN check_violation THEN
        GET STACKED DIAGNOSTICS what = MESSAGE_TEXT, details = PG_EXCEPTION_DETAIL;
    END;
    what := format('%s (%s)%s', what, details, CASE WHEN before = fingerprint() THEN '' ELSE ' BUT SOMETHING CHANGED' END);
    RAISE EXCEPTION USING ERRCODE = 'TRY00', MESSAGE = what;
EXCEPTION WHEN SQLSTATE 'TRY00' THEN
    RETURN regexp_replace(SQLERRM, 'model [0-9]+', 'model N');
END
$$;
SELECT try(format('UPDATE cdp_data.match_level SET %s WHERE comparison = ''email'' AND level = 1 AND model_id = (SELECT model_id FROM cdp_data.match_model WHERE is_active)', s))
FROM unnest(ARRAY['m = 1.5', 'm = 0, u = -1', 'household = ''NaN''', 'u = ''Infinity''']) s;
SELECT try('DELETE FROM cdp_data.match_level WHERE comparison IN (''gender'', ''phone'') AND level > 1');
SELECT try('DELETE FROM cdp_data.match_term WHERE comparison = ''phone''');
SELECT try('UPDATE cdp_data.match_model SET prior_match = 0.9, prior_household = 0.2');
SELECT try('UPDATE cdp_data.match_model SET prior_match = NULL, prior_household = 0, national_ids_trusted = NULL');
SELECT try('UPDATE cdp_data.match_rule SET is_used = false');
SELECT try('UPDATE cdp_data.match_level SET m = 3');
UPDATE cdp_data.match_level SET m = 7 WHERE comparison = 'email' AND level = 2;
CALL cdp.resolve();
SELECT count(*) FROM cdp.resolve_preview();
-- A way out.
CALL cdp.resolve(mode => 'train') \g /dev/null
SELECT mode FROM last_run;

-- A challenger: shown, refused, taken.
UPDATE cdp_data.match_model SET prior_match = prior_match / 1e6 WHERE is_active;
CALL cdp.resolve() \g /dev/null
CREATE TABLE stood AS SELECT fingerprint() AS f;
SELECT count(*) > 10 AS would_merge FROM cdp.resolve_preview(retrain => true) WHERE change = 'merge';
SELECT count(*) AS would_change FROM cdp.resolve_preview();
SELECT fingerprint() = f AS unchanged FROM stood;
\set VERBOSITY terse
DO $$
BEGIN
    EXECUTE 'CALL cdp.resolve(mode => ''train'', max_churn => 0.01)';
    RAISE 'it was not refused';
EXCEPTION WHEN check_violation THEN
    RAISE WARNING '%', regexp_replace(SQLERRM, '[0-9]+', 'N', 'g');
END
$$;
\set VERBOSITY default
SELECT fingerprint() = f AS unchanged FROM stood;
CALL cdp.resolve() \g /dev/null
SELECT mode, is_first_model FROM last_run;
CALL cdp.resolve(mode => 'train', max_churn => 0.9) \g /dev/null
SELECT mode, is_first_model FROM last_run;

-- health() says when it no longer fits.
SELECT status, regexp_replace(message, 'model [0-9]+', 'model N') AS message, next_statement FROM cdp.health() WHERE "check" = 'match model';
UPDATE cdp_data.setting SET value = '0' WHERE name = 'match_retrain_growth';
INSERT INTO crm SELECT p || 'n', word(500, p::text, 'ng'), word(900, p::text, 'nf'), 'n' || p || '@example.com' FROM generate_series(1, 700) p;
SELECT rows_new FROM cdp.ingest('crm');
CALL cdp.resolve() \g /dev/null
SELECT status, regexp_replace(message, 'model [0-9]+', 'model N') AS message, next_statement FROM cdp.health() WHERE "check" = 'match model';
-- Nothing is under way.
SELECT count(*) FROM cdp.progress();
