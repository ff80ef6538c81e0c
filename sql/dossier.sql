-- Dossiers brought up to date with what changed are, byte for byte, those built from everything: rounds of new people, new,
-- changed and deleted events, events of one instant, changed attributes, merges and splits by hand.
CREATE EXTENSION cdp;
\pset footer off
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SELECT cdp.install() LIKE 'store installed%' AS installed;
CREATE TABLE crm (id int PRIMARY KEY, name text, email text, city text, points numeric);
CREATE TABLE sales (id int PRIMARY KEY, customer int, at timestamptz, amount numeric, category text, covers numeric, is_gift boolean);
SELECT cdp.add_attribute('points', value_type => 'number');
SELECT count(*) FROM cdp.add_source('crm', 'crm', mapping => '{"name": "full_name", "email": "email", "city": "city", "points": "points"}');
SELECT count(*) FROM cdp.add_source('sales', 'sales', kind => 'events', person_source => 'crm', event_kind => 'purchase',
    mapping => '{"customer": "person_key", "at": "occurred_at", "amount": "amount", "category": "category", "covers": "covers", "is_gift": "is_gift"}');
SELECT setseed(0.7);
CREATE FUNCTION pg_temp.below(n int) RETURNS int LANGUAGE sql VOLATILE AS $$ SELECT floor(random() * n)::int $$;
CREATE TABLE round (number int, refreshed bigint, differ bigint, problems bigint);

CREATE FUNCTION pg_temp.some_sales(first int, last int) RETURNS void LANGUAGE sql AS $$
    INSERT INTO sales SELECT i, 1 + pg_temp.below(80), timestamptz '2026-05-01' + CASE WHEN pg_temp.below(3) = 0 THEN pg_temp.below(20) * interval '1 day' ELSE pg_temp.below(10000000) * interval '1 second' END,
        pg_temp.below(1000) / 4.0, (ARRAY['wine', 'food', 'Café', NULL, 'x' || i % 30])[1 + pg_temp.below(5)], CASE WHEN pg_temp.below(2) = 0 THEN pg_temp.below(9) END, pg_temp.below(2) = 0
    FROM generate_series(first, last) i
$$;
CREATE PROCEDURE pg_temp.check_round(n int) LANGUAGE plpgsql AS $$
DECLARE
    refreshed bigint;
BEGIN
    refreshed := cdp.refresh_dossiers();
    CREATE TEMP TABLE kept AS SELECT * FROM cdp_data.dossier;
    INSERT INTO round SELECT n, refreshed, -1, (SELECT count(*) FROM cdp.verify_dossiers());
    PERFORM cdp.rebuild_dossiers();
    UPDATE round SET differ = (SELECT count(*) FROM kept k FULL JOIN cdp_data.dossier d USING (profile_id)
                               WHERE (k.content, k.event_count, k.record_hash) IS DISTINCT FROM (d.content, d.event_count, d.record_hash)) WHERE number = n;
    DROP TABLE kept;
END $$;

INSERT INTO crm SELECT i, 'Person ' || chr(65 + i % 26) || ' Name' || i, 'p' || i || '@example.com', (ARRAY['Lima', 'Quito', NULL])[1 + i % 3], i FROM generate_series(1, 60) i;
SELECT pg_temp.some_sales(1, 300);
CALL cdp.refresh();
CALL pg_temp.check_round(0);
SELECT cdp._dossiers_are_fresh() AS fresh, cdp.refresh_dossiers() AS nothing_to_do;

DO $$
DECLARE
    a bigint;
    b bigint;
BEGIN
    FOR n IN 1 .. 14 LOOP
        IF pg_temp.below(2) = 0 THEN INSERT INTO crm SELECT i, 'New ' || i, NULL, 'Lima', NULL FROM generate_series(60 + n * 2, 61 + n * 2) i ON CONFLICT DO NOTHING; END IF;
        IF pg_temp.below(4) > 0 THEN PERFORM pg_temp.some_sales(300 + n * 30, 300 + n * 30 + pg_temp.below(20)); END IF;
        IF pg_temp.below(3) = 0 THEN UPDATE sales SET amount = amount + 1 WHERE id % 17 = n; END IF;
        IF pg_temp.below(3) = 0 THEN UPDATE crm SET points = points + 1, city = 'City ' || n WHERE id % 11 = n % 11; END IF;
        PERFORM cdp.ingest('crm'), cdp.ingest('sales');
        IF pg_temp.below(3) = 0 THEN DELETE FROM cdp_data.event WHERE event_key::int % 23 = n; END IF;
        IF pg_temp.below(4) = 0 THEN UPDATE cdp_data.event SET properties = properties || '{"covers": 77}' WHERE event_key::int % 29 = n; END IF;
        PERFORM cdp._resolve();
        PERFORM cdp._build_profiles();
        IF n % 3 = 0 THEN
            SELECT min(p.profile_id), max(p.profile_id) INTO a, b FROM (SELECT p.profile_id FROM cdp_data.profile p WHERE p.status = 'active' ORDER BY random() LIMIT 2) p;
            PERFORM cdp.merge_profiles(a, b, reason => 'round ' || n);
        ELSIF n % 3 = 1 AND n > 3 THEN
            SELECT p.profile_id INTO a FROM cdp_data.profile p WHERE p.record_count > 1 AND p.status = 'active' ORDER BY p.profile_id LIMIT 1;
            IF a IS NOT NULL THEN PERFORM cdp.unmerge_profile(a, ARRAY[(SELECT max(r.record_id) FROM cdp_data.record r WHERE r.profile_id = a)], reason => 'round ' || n); END IF;
        END IF;
        -- A new event of an instant of which the person has one already.
        IF n % 4 = 1 THEN INSERT INTO sales SELECT 10000 + n, customer, at, 5, 'tie', 1, true FROM sales WHERE id = n; PERFORM cdp.ingest('sales'); END IF;
        CALL pg_temp.check_round(n);
    END LOOP;
END $$;
SELECT count(*) AS rounds, sum(differ) AS differ, sum(problems) AS problems, bool_or(refreshed BETWEEN 1 AND 30) AS some_small, max(refreshed) > 0 AS some FROM round;
SELECT * FROM round WHERE differ <> 0 OR problems <> 0;

-- A property that becomes a text, and one that has more texts than a dictionary takes, change how everybody is held.
UPDATE cdp_data.event_property SET value_type = 'text' WHERE property = 'covers';
SELECT cdp._dossiers_are_fresh() AS fresh, cdp.refresh_dossiers() > 50 AS all_again;
INSERT INTO sales VALUES (20000, 1, '2026-06-01', 1, repeat('long ', 300), NULL, NULL);
SELECT rows_new FROM cdp.ingest('sales');
SELECT cdp.refresh_dossiers() > 50 AS all_again;
SELECT d.property, d.is_complete FROM cdp_data.dictionary d WHERE d.property IS NOT NULL ORDER BY 1;
SELECT people FROM cdp._count_people($$ did purchase where (category starts with 'long') $$, '2026-11-01', 'UTC') WHERE step = 1;

-- Who has more events than a person can have.
UPDATE cdp_data.setting SET value = '5' WHERE name = 'dossier_max_events';
SELECT cdp.rebuild_dossiers() > 50 AS all_again;
SELECT count(*) FILTER (WHERE content IS NULL) > 0 AS some_without, bool_and((content IS NULL) = (event_count > 5)) AS right_ones FROM cdp_data.dossier;

-- Damage is an error with the number of the profile, and found.
UPDATE cdp_data.dossier SET content = set_byte(content, 0, 9) WHERE profile_id = (SELECT min(profile_id) FROM cdp_data.dossier WHERE content IS NOT NULL);
SELECT problem FROM cdp.verify_dossiers();
SELECT * FROM cdp._count_people('did purchase', '2026-11-01', 'UTC');
SELECT cdp.rebuild_dossiers() > 50 AS all_again, (SELECT count(*) FROM cdp.verify_dossiers()) AS problems;
DELETE FROM cdp_data.dossier WHERE profile_id = (SELECT min(profile_id) FROM cdp_data.dossier);
SELECT problem FROM cdp.verify_dossiers();
