-- What a steward decides: review, decisions, merging and splitting by hand, looking people up.
CREATE EXTENSION cdp;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
-- Without a store everything says what to do.
SELECT cdp.confirm_match(1, 2);
SELECT cdp.unmerge_profile(1, '{1}');
SELECT cdp.find_profile('a@example.com');
SELECT cdp.install() LIKE 'store installed%' AS installed;
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';

-- An empty store.
SELECT count(*) FROM cdp_data.match_review;
SELECT * FROM cdp.resolution_report();
SELECT * FROM cdp.resolve_preview();
SELECT * FROM cdp.find_profile(email => 'nobody@example.com');
SELECT * FROM cdp.confirm_match(1, 2);
SELECT * FROM cdp.match_score(1, 2);
SELECT * FROM cdp.withdraw_decision(1);
SELECT * FROM cdp.merge_profiles(1, 2);

-- 150 people, every third of them twice, and some that are hard.
CREATE TABLE crm (key text PRIMARY KEY, given text, family text, born date, mail text, phone text, street text, city text, zip text, id text, device text, ok text);
CREATE FUNCTION pick(n int, VARIADIC what text[]) RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT abs(('x' || substr(md5(array_to_string(what, ' ')), 1, 7))::bit(28)::int) % n $$;
CREATE FUNCTION word(n int, VARIADIC what text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT initcap(translate(substr(md5('w' || pick(n, VARIADIC what)), 1, 7), '0123456789', 'klmnopqrst')) $$;
CREATE FUNCTION town(p int, copy int) RETURNS SETOF crm LANGUAGE sql IMMUTABLE AS $$
    SELECT 'town' || p || '-' || copy, word(60, p::text, 'g'), word(90, p::text, 'f'), date '1950-01-01' + pick(15000, p::text, 'b'),
           CASE WHEN pick(3, p::text, copy::text, 'm') > 0 THEN 'p' || p || '@example.com' END, CASE WHEN pick(3, p::text, copy::text, 'p') > 0 THEN '+5696' || lpad((1000000 + 7919 * p)::text, 7, '0') END,
           'Street ' || pick(200, p::text, 's'), 'City ' || pick(9, p::text, 'c'), (1000000 + pick(200, p::text, 's'))::text, NULL, NULL, CASE pick(4, p::text, copy::text) WHEN 0 THEN 'yes' WHEN 1 THEN 'no' END $$;
INSERT INTO crm SELECT n.* FROM generate_series(1, 150) p, town(p, 1) n;
INSERT INTO crm SELECT n.* FROM generate_series(1, 150, 3) p, town(p, 2) n;
INSERT INTO crm VALUES
    ('maiden',  'Ximena',   'Larraín',      '1975-04-05', 'ximena@example.com', NULL, 'Calle Uno 1', 'Arica', '1000000', NULL, NULL, 'yes'),
    ('maiden2', 'Ximena',   'Larraín',      '1975-04-05', 'ximena@example.com', NULL, 'Calle Uno 1', 'Arica', '1000000', NULL, NULL, 'yes'),
    ('married', 'Jimena',   'Valdivieso',   NULL, NULL, '+56987654321', 'Gran Vía 99', 'Talca', '3460000', NULL, NULL, NULL),
    ('married2','Jimena',   'Valdivieso',   NULL, NULL, '+56987654321', 'Gran Vía 99', 'Talca', '3460000', NULL, NULL, 'no'),
    ('senior',  'Baltasar', 'Ugarte',       '1980-06-07', NULL, '+56945127788', 'Sur 3', 'Osorno', '5290000', NULL, NULL, NULL),
    ('junior',  'Baltasar', 'Ugarte',       '1980-06-07', NULL, '+56945127788', 'Sur 3', 'Osorno', '5290000', NULL, NULL, NULL),
    ('visitor2', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'device-2', NULL),
    ('login', 'Olegario', 'Barahona', '1990-10-11', 'olegario@example.com', NULL, NULL, NULL, NULL, NULL, 'device-2', NULL),
    ('visitor', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'device-1', NULL);
SELECT count(*) FROM cdp.add_source('crm', 'crm', date_order => 'ymd', mapping => '{"given": "given_name", "family": "family_name", "born": "birth_date", "mail": "email", "phone": "phone", "street": "street", "city": "city", "zip": "postal_code", "id": "national_id", "device": "device_id", "ok": "consent_email"}');
SELECT rows_read, rows_rejected FROM cdp.ingest('crm');
CALL cdp.resolve();
CREATE FUNCTION record_of(key text) RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT r.record_id FROM cdp_data.record r WHERE r.source_key = key $$;
CREATE FUNCTION people(VARIADIC keys text[]) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT string_agg(p.keys, ' | ' ORDER BY p.keys) FROM (SELECT string_agg(r.source_key, ' ' ORDER BY r.source_key) AS keys FROM cdp_data.record r WHERE r.source_key = ANY ($1) GROUP BY r.profile_id) p $$;
SELECT people('maiden', 'maiden2', 'married', 'married2', 'senior', 'junior', 'visitor');

-- Scores.
SELECT round(probability::numeric, 2) > 0.9 AS likely, bits > 10 AS strong, basis FROM cdp.match_score(record_of('maiden'), record_of('maiden2'));
SELECT probability < 0.5 AS unlikely, basis FROM cdp.match_score(record_of('maiden'), record_of('married'));
SELECT a.probability = b.probability AND a.bits = b.bits AS either_way FROM cdp.match_score(record_of('maiden'), record_of('senior')) a, cdp.match_score(record_of('senior'), record_of('maiden')) b;
SELECT * FROM cdp.match_score(record_of('maiden'), record_of('maiden'));

-- A confirmed match: the maiden and the married name are one woman, with all her records; a rejected one: father and son.
SELECT decision_id, effect ~ '^the next refresh merges profile \d+ \(2 records\) into profile \d+ \(2 records\)$' AS says_so FROM cdp.confirm_match(record_of('married'), record_of('maiden'), 'wedding announcement');
SELECT decision_id, regexp_replace(effect, '\d+', 'N') AS effect FROM cdp.reject_match(record_of('senior'), record_of('junior'), reason => 'father and son');
SELECT decision_id FROM cdp.confirm_match(record_of('maiden'), record_of('married'));
SELECT value FROM cdp.resolution_report() WHERE measure = 'decisions waiting';
CALL cdp.resolve();
SELECT people('maiden', 'maiden2', 'married', 'married2', 'senior', 'junior', 'visitor');
SELECT value FROM cdp.resolution_report() WHERE measure = 'decisions waiting';
SELECT regexp_replace(replace(level, current_user, 'ME'), '\d{4}-\d\d-\d\d', 'DATE') AS level FROM cdp.explain_match(record_of('maiden'), record_of('married')) WHERE comparison = 'decision';
SELECT comparison, regexp_replace(level, '[01]\.\d+', 'P') AS level FROM cdp.explain_match(record_of('maiden'), record_of('married')) WHERE comparison = 'together';
SELECT comparison, regexp_replace(regexp_replace(replace(level, current_user, 'ME'), '[01]\.\d+', 'P'), '\d{4}-\d\d-\d\d', 'DATE') AS level FROM cdp.explain_match(record_of('senior'), record_of('junior')) WHERE comparison IN ('decision', 'together');
CALL cdp.resolve(mode => 'full') \g /dev/null
SELECT measure, value, note FROM cdp.resolution_report() WHERE measure IN ('must links', 'cannot links', 'guard cannot link', 'profiles merged', 'profiles split', 'records moved', 'largest cluster');
SELECT count(*) AS without_note FROM cdp.resolution_report() WHERE note IS NULL;
SELECT count(*) FROM cdp_data.match_review v WHERE record_of('senior') IN (v.record_a, v.record_b);

-- What contradicts decisions is refused, and says which.
SELECT * FROM cdp.reject_match(record_of('maiden'), record_of('married'));
SELECT decision_id FROM cdp.confirm_match(record_of('married'), record_of('town5-1'));
SELECT * FROM cdp.reject_match(record_of('maiden'), record_of('town5-1'));
SELECT decision_id FROM cdp.reject_match(record_of('maiden'), record_of('town6-1'), 'hearsay');
SELECT * FROM cdp.confirm_match(record_of('town6-1'), record_of('town5-1'));
SELECT * FROM cdp.confirm_match(1, 1);
SELECT * FROM cdp.confirm_match(1, NULL);
SELECT * FROM cdp.reject_match(4711, 1);
SELECT withdrawn_id, decision, decided_by = current_user AS by_me, reason FROM cdp.withdraw_decision(4);
SELECT withdrawn_id, decision, reason FROM cdp.withdraw_decision(3);
SELECT * FROM cdp.withdraw_decision(99);
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT cdp.confirm_match(1, 2);
ROLLBACK;

-- The confirmed match withdrawn: the engine is free again.
SELECT withdrawn_id FROM cdp.withdraw_decision(1);
CALL cdp.resolve();
SELECT people('maiden', 'maiden2', 'married', 'married2');

-- Merged by hand, at once: the older id lives, the other is its alias, segments and lists follow.
SELECT cdp.define_segment('everybody', 'email is known or phone is known') IS NOT NULL AS defined;
SELECT count(*) FROM cdp.refresh_segments('2026-02-01');
CREATE TABLE ximena AS SELECT cdp.profile_of('crm', 'maiden') AS maiden, cdp.profile_of('crm', 'married') AS married;
SELECT count(*) AS reachable FROM cdp_data.reachable r JOIN ximena x ON r.profile_id IN (x.maiden, x.married);
SELECT m.profile_id IS NULL AS no_profile, m.decision_id, m.records_moved, m.withdrawn, regexp_replace(m.effect, '\d{2,}', 'N', 'g') AS effect FROM ximena x, cdp.merge_profiles(x.maiden, x.married, 'passport', dry_run => true) m;
SELECT people('maiden', 'maiden2', 'married', 'married2'), (SELECT count(*) FROM cdp_data.match_decision WHERE withdrawn_at IS NULL) AS decisions;
SELECT m.profile_id = least(x.maiden, x.married) AS older_lives, m.merged_id = greatest(x.maiden, x.married) AS other_goes, m.records_moved, m.withdrawn FROM ximena x, cdp.merge_profiles(x.married, x.maiden, 'passport') m;
SELECT people('maiden', 'maiden2', 'married', 'married2');
SELECT f.given_name, f.record_count, (SELECT count(*) FROM cdp_data.profile g WHERE g.profile_id = greatest(x.maiden, x.married)) AS other_profile FROM ximena x JOIN cdp_data.profile f ON f.profile_id = least(x.maiden, x.married);
SELECT count(*) FROM ximena x, cdp.profile_records(greatest(x.maiden, x.married));
SELECT h.change, h.evidence, h.reason, h.changed_by = current_user AS by_me, cardinality(h.record_ids) AS records FROM ximena x, cdp.identity_history(x.married) h WHERE h.evidence = 'by hand';
SELECT c.change FROM cdp_data.segment_change c JOIN ximena x ON c.profile_id = greatest(x.maiden, x.married) ORDER BY c.change_id;
-- One of her addresses refused (married2): nobody writes to her.
SELECT count(*) AS reachable FROM cdp_data.reachable r JOIN ximena x ON r.profile_id IN (x.maiden, x.married);
SELECT * FROM cdp.merge_profiles((SELECT maiden FROM ximena), (SELECT married FROM ximena)) WHERE false;
CALL cdp.resolve();
SELECT people('maiden', 'maiden2', 'married', 'married2');

-- Split by hand: the part that was a profile before becomes it again.
SELECT u.profile_id = least(x.maiden, x.married) AS kept, u.new_profile_id = greatest(x.maiden, x.married) AS old_id_again, u.records_moved, u.decisions, cardinality(u.withdrawn) AS withdrawn
FROM ximena x, cdp.unmerge_profile(x.married, ARRAY[record_of('married'), record_of('married2')], 'two women after all') u;
SELECT people('maiden', 'maiden2', 'married', 'married2'), cdp.profile_of('crm', 'maiden') = x.maiden AND cdp.profile_of('crm', 'married') = x.married AS ids_as_before FROM ximena x;
SELECT count(*) AS reachable FROM cdp_data.reachable r JOIN ximena x ON r.profile_id IN (x.maiden, x.married);
SELECT count(*) AS aliases FROM cdp_data.profile_alias a JOIN ximena x ON a.profile_id IN (x.maiden, x.married);
CALL cdp.resolve();
SELECT people('maiden', 'maiden2', 'married', 'married2'), cdp.profile_of('crm', 'maiden') = x.maiden AND cdp.profile_of('crm', 'married') = x.married AS ids_as_before FROM ximena x;
-- Two records that the engine wants together, apart; with the larger part named, it is the other that gets a new id.
SELECT cdp.profile_of('crm', 'town1-1') = cdp.profile_of('crm', 'town1-2') AS together;
SELECT u.records_moved, u.decisions, u.profile_id <> u.new_profile_id AS new_id FROM cdp.unmerge_profile(cdp.profile_of('crm', 'town1-1'), ARRAY[record_of('town1-2')]) u;
CALL cdp.resolve();
SELECT cdp.profile_of('crm', 'town1-1') = cdp.profile_of('crm', 'town1-2') AS together;
SELECT count(*) FROM cdp_data.match_review v WHERE record_of('town1-1') IN (v.record_a, v.record_b);
SELECT m.records_moved, cardinality(m.withdrawn) AS withdrawn FROM cdp.merge_profiles(cdp.profile_of('crm', 'town1-1'), cdp.profile_of('crm', 'town1-2')) m;
CALL cdp.resolve();
SELECT cdp.profile_of('crm', 'town1-1') = cdp.profile_of('crm', 'town1-2') AS together;
-- A visitor known by a device only.
SELECT m.records_moved FROM cdp.merge_profiles(cdp.profile_of('crm', 'visitor'), cdp.profile_of('crm', 'senior'), 'was in the shop') m;
CALL cdp.resolve();
SELECT people('visitor', 'senior', 'junior'), (SELECT status FROM cdp_data.profile WHERE profile_id = cdp.profile_of('crm', 'visitor')) AS status;
SELECT u.decisions FROM cdp.unmerge_profile(cdp.profile_of('crm', 'visitor'), ARRAY[record_of('visitor')]) u;
SELECT people('visitor', 'senior', 'junior'), (SELECT status FROM cdp_data.profile WHERE profile_id = cdp.profile_of('crm', 'visitor')) AS status;
CALL cdp.resolve();
SELECT people('visitor', 'senior', 'junior'), (SELECT status FROM cdp_data.profile WHERE profile_id = cdp.profile_of('crm', 'visitor')) AS status;

-- One whom the device gave to a person, and who is somebody else.
SELECT people('visitor2', 'login');
SELECT u.records_moved FROM cdp.unmerge_profile(cdp.profile_of('crm', 'login'), ARRAY[record_of('visitor2')], 'his daughter''s telephone') u;
CALL cdp.resolve();
SELECT people('visitor2', 'login'), (SELECT status FROM cdp_data.profile WHERE profile_id = cdp.profile_of('crm', 'visitor2')) AS status;
SELECT count(*) FROM cdp.withdraw_decision((SELECT decision_id FROM cdp_data.match_decision WHERE reason = 'his daughter''s telephone'));
CALL cdp.resolve();
SELECT people('visitor2', 'login');

-- What makes no sense.
SELECT * FROM cdp.merge_profiles(4711, 1);
SELECT * FROM cdp.merge_profiles(NULL, 1);
SELECT cdp.merge_profiles(cdp.profile_of('crm', 'maiden'), cdp.profile_of('crm', 'maiden2')) \gset
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM cdp.unmerge_profile(1, '{}');
SELECT * FROM cdp.unmerge_profile(1, '{4711}');
SELECT * FROM cdp.unmerge_profile(1, ARRAY[NULL, NULL]::bigint[]);
SELECT * FROM cdp.unmerge_profile(1, ARRAY(SELECT record_id FROM cdp_data.record WHERE profile_id = 1));
SELECT * FROM cdp.unmerge_profile(1, NULL);

-- Merging any two people and splitting them again restores everything that is derived from records: golden records, who
-- is whose, aliases, marks of pairs, whom to reach, and segments after their refresh; a resolution agrees.
CREATE FUNCTION state() RETURNS TABLE (what text, digest text) LANGUAGE sql AS $$
    SELECT 'profile', md5(string_agg((to_jsonb(f) - 'created_at' - 'built_at')::text, ' ' ORDER BY f.profile_id)) FROM cdp_data.profile f
    UNION ALL SELECT 'record', md5(string_agg(r.record_id || ':' || r.profile_id, ' ' ORDER BY r.record_id)) FROM cdp_data.record r
    UNION ALL SELECT 'alias', md5(string_agg(a.profile_id || ':' || a.survivor_id, ' ' ORDER BY a.profile_id)) FROM cdp_data.profile_alias a
    UNION ALL SELECT 'edge', md5(string_agg(concat_ws(':', e.record_a, e.record_b, e.is_merged), ' ' ORDER BY e.record_a, e.record_b)) FROM cdp_data.match_edge e
    UNION ALL SELECT 'reachable', md5(string_agg(concat_ws(':', r.profile_id, r.channel, r.purpose, r.address), ' ' ORDER BY r.profile_id, r.channel, r.purpose)) FROM cdp_data.reachable r
    UNION ALL SELECT 'segment', md5(string_agg(concat_ws(':', m.segment_id, m.profile_id), ' ' ORDER BY m.segment_id, m.profile_id)) FROM cdp_data.segment_member m $$;
CREATE TABLE wrong (round int, what text);
CREATE TABLE merged_state (round int, what text);
DO $$
DECLARE
    ids bigint[]; a bigint; b bigint; part bigint[]; before text[]; merged text[]; after text[];
BEGIN
    PERFORM cdp.refresh_segments('2026-02-01');
    FOR r IN 1 .. 30 LOOP
        SELECT array_agg(profile_id ORDER BY md5(r::text || profile_id)) INTO ids FROM cdp_data.profile;
        a := ids[1]; b := ids[2];
        -- Now and then with aliases on either side.
        IF r % 5 = 0 THEN PERFORM cdp.merge_profiles(b, ids[3]); b := cdp._survivor(b); PERFORM cdp.refresh_segments('2026-02-01'); END IF;
        SELECT array_agg(s.what || ' ' || s.digest) INTO before FROM state() s;
        part := ARRAY(SELECT record_id FROM cdp_data.record WHERE profile_id = CASE WHEN pick(2, r::text, 'side') = 0 THEN a ELSE b END);
        PERFORM cdp.merge_profiles(a, b);
        PERFORM cdp.refresh_segments('2026-02-01');
        SELECT array_agg(s.what || ' ' || s.digest) INTO merged FROM state() s;
        INSERT INTO merged_state SELECT r, split_part(m, ' ', 1) FROM unnest(merged) m WHERE m <> ALL (before);
        PERFORM cdp.unmerge_profile(a, part);
        PERFORM cdp.refresh_segments('2026-02-01');
        SELECT array_agg(s.what || ' ' || s.digest) INTO after FROM state() s;
        INSERT INTO wrong SELECT r, split_part(x, ' ', 1) FROM unnest(after) x WHERE x <> ALL (before);
        IF r % 10 = 0 THEN
            PERFORM cdp._resolve();
            PERFORM cdp._build_profiles();
            PERFORM cdp.refresh_segments('2026-02-01');
            SELECT array_agg(s.what || ' ' || s.digest) INTO after FROM state() s;
            INSERT INTO wrong SELECT r, 'resolved ' || split_part(x, ' ', 1) FROM unnest(after) x WHERE x <> ALL (before) AND x NOT LIKE 'edge %';
        END IF;
    END LOOP;
END
$$;
SELECT * FROM wrong ORDER BY 1, 2;
SELECT what, count(*) > 5 AS changed_meanwhile FROM merged_state GROUP BY what ORDER BY what COLLATE "C";
SELECT count(*) AS contradictions FROM cdp_data.match_decision k JOIN cdp_data.record a ON a.record_id = k.record_a JOIN cdp_data.record b ON b.record_id = k.record_b
WHERE k.withdrawn_at IS NULL AND (k.decision = 'same') <> (a.profile_id = b.profile_id);

-- Decisions at random, taken back at random: those in force hold after every resolution, whatever was refused.
CREATE TABLE outcome (what text);
DO $$
DECLARE
    ids CONSTANT bigint[] := ARRAY(SELECT record_id FROM cdp_data.record ORDER BY md5(record_id::text) LIMIT 40);
    a bigint; b bigint; n bigint;
BEGIN
    FOR r IN 1 .. 150 LOOP
        a := ids[1 + pick(40, r::text, 'a')]; b := ids[1 + pick(40, r::text, 'b')];
        CONTINUE WHEN a = b;
        BEGIN
            IF pick(3, r::text, 'kind') = 0 THEN PERFORM cdp.reject_match(a, b); ELSE PERFORM cdp.confirm_match(a, b); END IF;
            INSERT INTO outcome VALUES ('decided');
        EXCEPTION WHEN integrity_constraint_violation THEN INSERT INTO outcome VALUES ('refused');
        END;
        IF r % 4 = 0 THEN
            SELECT decision_id INTO n FROM cdp_data.match_decision WHERE withdrawn_at IS NULL ORDER BY md5(r::text || decision_id) LIMIT 1;
            PERFORM cdp.withdraw_decision(n);
        END IF;
        IF r % 25 = 0 THEN
            PERFORM cdp._resolve();
            INSERT INTO outcome SELECT 'broken' FROM cdp_data.match_decision k JOIN cdp_data.record x ON x.record_id = k.record_a JOIN cdp_data.record y ON y.record_id = k.record_b
            WHERE k.withdrawn_at IS NULL AND (k.decision = 'same') <> (x.profile_id = y.profile_id);
        END IF;
    END LOOP;
END
$$;
SELECT what, count(*) > 10 AS often FROM outcome GROUP BY what ORDER BY what COLLATE "C";
