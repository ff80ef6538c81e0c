-- Enrichment: look-ups, expressions, services by queue; what a source says wins; merges and splits.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
SET client_min_messages = warning;

CREATE SCHEMA crm;
CREATE SCHEMA geo;
SELECT cdp.add_attribute('license_plate');
CREATE TABLE crm.people (id int PRIMARY KEY, given text, family text, email text, born date, postal text, region text, plate text);
INSERT INTO crm.people VALUES
    (1, 'Ana', 'Rojas', 'ana@example.com', '1980-02-03', '8320000', NULL, 'ABCD-12'),
    (2, 'Bo', 'Li', 'bo@example.com', '1990-01-01', '5090000', 'As the source says', 'XY 99 88'),
    (3, 'Carl', 'Marsh', 'carl@shop.example', NULL, '9999999', NULL, NULL),
    (4, 'Dora', 'Stone', 'dora@shop.example', '2001-12-31', '8320000', NULL, 'ZZZZ-99');
SELECT count(target) FROM cdp.add_source('crm', 'crm.people', key => 'id', mapping => '{"given": "given_name", "family": "family_name", "email": "email", "born": "birth_date", "postal": "postal_code", "region": "region", "plate": "license_plate"}');
CREATE TABLE geo.postal (code text, region text, people int);
INSERT INTO geo.postal VALUES ('8320000', 'Metropolitana', 7), ('5090000', 'Los Lagos', 1), ('832 0000', 'Metropolitana', 7);
CREATE TABLE geo.plates (plate text, owner text, make text, since date, until date);
INSERT INTO geo.plates VALUES ('ABCD12', 'Old Owner', 'Opel', '2000-01-01', '2020-01-01'), ('abcd 12', 'Ana Rojas', 'Fiat', '2020-01-01', NULL), ('XY9988', 'Bo Li', 'Kia', '2999-01-01', NULL),
    ('ZZZZ99', 'Dora', 'Seat', '2010-01-01', NULL), ('ZZZZ99', 'Eva', 'Seat', '2010-01-01', NULL);

-- What makes no sense.
SELECT cdp.add_lookup('Region', 'geo.postal', key => '{code}', gives => '{"region": "region"}');
SELECT cdp.add_lookup('region', 'geo.postl', key => '{code}', gives => '{"region": "region"}');
SELECT cdp.add_lookup('region', 'geo.postal', key => '{cod}', gives => '{"region": "region"}');
SELECT cdp.add_lookup('region', 'geo.postal', key => '{code}', gives => '{"region": "region"}');
SELECT cdp.add_lookup('region', 'geo.postal', key => '{code}', on_attribute => '{postal_cod}', gives => '{"region": "region"}');
SELECT cdp.add_lookup('region', 'geo.postal', key => '{code}', on_attribute => '{postal_code,city}', gives => '{"region": "region"}');
SELECT cdp.add_lookup('region', 'geo.postal', key => '{code}', on_attribute => '{postal_code}', gives => '{}');
SELECT cdp.add_lookup('region', 'geo.postal', key => '{code}', on_attribute => '{postal_code}', gives => '{"region": "user_id"}');
SELECT cdp.add_lookup('region', 'geo.postal', key => '{code}', on_attribute => '{postal_code}', gives => '{"code": "postal_code"}');
SELECT cdp.add_lookup('region', 'geo.postal', key => '{code}', on_attribute => '{postal_code}', gives => '{"region": "region"}', valid_from => 'region');
SELECT cdp.add_lookup('region', 'geo.postal', key => '{code}', on_attribute => '{postal_code}', gives => '{"region": "region"}', confidence => 2);
SELECT cdp.add_enrichment('domain', 'split_part(emial, ''@'', 2)', attribute => 'mail_domain');
SELECT cdp.add_enrichment('domain', 'random()', attribute => 'mail_domain');
SELECT cdp.add_enrichment('domain', 'split_part(email, ''@'', 2)');
SELECT cdp.add_enrichment('domain', 'split_part(email, ''@'', 2)', gives => '{"a": "b"}');
SELECT cdp.add_enrichment('domain', '42', attribute => 'answer');
SELECT cdp.remove_enrichment('domain');
SELECT * FROM cdp.enrich('domain');
SELECT * FROM cdp.enrich();
SELECT count(*) FROM cdp_data.enrichment;

-- Good ones: region (and what one gives is the input of the next), owner as of today, two expressions.
SELECT cdp.add_lookup('region', 'geo.postal', key => '{code}', on_attribute => '{postal_code}', gives => '{"region": "region", "people": "people_nearby"}', confidence => 0.8);
SELECT cdp.add_enrichment('zone', 'CASE region WHEN ''Metropolitana'' THEN ''centre'' ELSE ''elsewhere'' END', attribute => 'zone');
SELECT cdp.add_lookup('owner', 'geo.plates', key => '{plate}', on_attribute => '{license_plate}', gives => '{"owner": "vehicle_owner", "make": "vehicle_make"}', valid_from => 'since', valid_to => 'until', lasts => '90 days');
SELECT cdp.add_enrichment('domain', 'jsonb_build_object(''domain'', split_part(email, ''@'', 2), ''confidence'', CASE WHEN email LIKE ''%shop%'' THEN 0.5 ELSE 1 END)', gives => '{"domain": "mail_domain"}');
SELECT cdp.add_lookup('circle', 'geo.postal', key => '{region}', on_attribute => '{region}', gives => '{"code": "postal_code"}');
SELECT name, kind, position, inputs, gives FROM cdp_data.enrichment ORDER BY position;
SELECT attribute, value_type FROM cdp_data.attribute WHERE attribute IN ('people_nearby', 'zone', 'vehicle_owner', 'mail_domain') ORDER BY 1;
CALL cdp.refresh();
SELECT step, status, rows_changed, message FROM cdp_data.run_step ORDER BY step_number;
CREATE VIEW seen AS SELECT given_name, region, details FROM cdp_data.profile;
SELECT * FROM seen ORDER BY 1;
-- The same by plain SQL.
SELECT p.given, coalesce(p.region, g.region) AS region, g.people, (SELECT min(owner) FROM geo.plates t WHERE cdp.lookup_key(t.plate) = cdp.lookup_key(p.plate) AND since <= now() AND coalesce(until > now(), true)) AS owner
FROM crm.people p LEFT JOIN (SELECT DISTINCT ON (replace(code, ' ', '')) * FROM geo.postal) g ON g.code = p.postal ORDER BY 1;
SELECT f.given_name, e.attribute, e.value, e.is_used, e.why, e.enrichment, e.input, e.confidence, e.expires_at IS NOT NULL AS expires FROM cdp_data.profile f, cdp.profile_enrichment(f.profile_id) e ORDER BY 1, 2, 3;
-- Segments ask for it.
SELECT cdp.define_segment('centre', 'zone = ''centre'' and vehicle_make is known');
SELECT segment, members FROM cdp.refresh_segments();
-- Nothing has changed: nobody is touched.
SELECT * FROM cdp.enrich('region');
SELECT * FROM cdp.enrich();
-- The register changes: seen at the next look; a source that says it wins again.
UPDATE geo.postal SET region = 'RM' WHERE region = 'Metropolitana';
UPDATE crm.people SET region = 'Santiago' WHERE id = 4;
SELECT rows_changed FROM cdp.ingest('crm');
SELECT cdp._build_profiles();
SELECT given_name, region, details ->> 'zone' AS zone FROM seen ORDER BY 1;
SELECT enrichment, people FROM cdp.enrich('region');
SELECT given_name, region, details ->> 'zone' AS zone FROM seen ORDER BY 1;
SELECT enrichment, people FROM cdp.enrich('zone');
SELECT given_name, region, details ->> 'zone' AS zone FROM seen ORDER BY 1;
-- One that beats sources, and is taken back.
SELECT cdp.add_enrichment('better_region', 'CASE given_name WHEN ''Bo'' THEN ''Better'' END', attribute => 'region', beats_sources => true);
SELECT cdp.remove_enrichment('zone');
SELECT cdp.add_enrichment('better_region', 'CASE given_name WHEN ''Bo'' THEN ''Better'' END', attribute => 'region', beats_sources => true);
SELECT enrichment, people FROM cdp.enrich();
SELECT given_name, region, details ->> 'zone' AS zone FROM seen ORDER BY 1;
SELECT e.attribute, e.value, e.is_used, e.why FROM cdp_data.profile f, cdp.profile_enrichment(f.profile_id) e WHERE f.given_name = 'Bo' AND e.attribute = 'region';
SELECT cdp.remove_enrichment('better_region');
SELECT given_name, region FROM seen ORDER BY 1;
-- One that fails does not keep the others from going on, nor people from being built.
CREATE FUNCTION geo.picky(email text) RETURNS text LANGUAGE plpgsql STABLE AS $$ BEGIN RAISE EXCEPTION 'not today'; END $$;
SELECT cdp.add_enrichment('picky', 'geo.picky(email)', attribute => 'pick');
SELECT * FROM cdp.enrich('picky');
UPDATE crm.people SET given = 'Carlos' WHERE id = 3;
SELECT rows_changed FROM cdp.ingest('crm');
SELECT cdp._build_profiles();
SELECT given_name, details ->> 'mail_domain' AS domain FROM seen ORDER BY 1;
SELECT name, problem FROM cdp_data.enrichment WHERE problem IS NOT NULL;
SELECT cdp.remove_enrichment('picky');

-- A service: one question per plate, whoever has it.
SELECT cdp.add_enrichment_service('registry', inputs => '{license_plate}', gives => '{}');
SELECT cdp.add_enrichment_service('registry', inputs => '{license_plate}', gives => '{"fines": "fines"}', cost_per_request => -1);
SELECT cdp.add_enrichment_service('registry', inputs => '{license_plate}', gives => '{"colour": "vehicle_colour", "owner": "vehicle_owner"}', cost_per_request => 2, daily_budget => 7, max_attempts => 2);
SELECT enrichment, asked FROM cdp.enrich();
SELECT enrichment, asked FROM cdp.enrich();
SELECT request_id, input, status, attempts FROM cdp_data.enrichment_request ORDER BY 1;
SELECT * FROM cdp.take_enrichment_requests('', 1);
SELECT * FROM cdp.take_enrichment_requests('w', 1, 'registri');
SELECT cdp.answer_enrichment_request(1, '{}');
SELECT cdp.answer_enrichment_request(99, '{}');
SELECT request_id, service, input, attempt FROM cdp.take_enrichment_requests('worker 1', 2);
SELECT cdp.answer_enrichment_request(1, '{"color": "red"}');
SELECT cdp.answer_enrichment_request(1, '"red"');
SELECT cdp.answer_enrichment_request(1, '{"colour": "red", "owner": "Somebody"}', confidence => 2);
SELECT cdp.answer_enrichment_request(1, '{"colour": "red", "owner": "Somebody"}', confidence => 0.7, cost => 1.5);
SELECT cdp.answer_enrichment_request(1, '{}');
SELECT cdp.fail_enrichment_request(2, 'the service is down');
SELECT request_id, status, attempts, cost, problem, date_trunc('minute', next_attempt_at - taken_at) AS wait FROM cdp_data.enrichment_request ORDER BY 1;
-- Not before its time; the third is left, and the budget (7) allows it: 1.5 are spent.
SELECT request_id FROM cdp.take_enrichment_requests('worker 2', 10);
UPDATE cdp_data.enrichment_request SET next_attempt_at = now() WHERE status = 'queued';
SELECT request_id, attempt FROM cdp.take_enrichment_requests('worker 2', 10);
-- 1.5 + 2 + 2: another 2 would be too much.
INSERT INTO cdp_data.enrichment_request (enrichment, input_hash, input) SELECT 'registry', md5(n::text)::uuid, jsonb_build_object('license_plate', n) FROM generate_series(1, 5) n;
SELECT count(*) FROM cdp.take_enrichment_requests('worker 2', 10);
UPDATE cdp_data.enrichment SET daily_budget = 9 WHERE name = 'registry';
SELECT count(*) FROM cdp.take_enrichment_requests('worker 2', 10);
DELETE FROM cdp_data.enrichment_request WHERE request_id > 3;
-- Too many attempts, a lease that ran out.
SELECT cdp.fail_enrichment_request(2, 'still down');
UPDATE cdp_data.enrichment_request SET lease_expires_at = now() - interval '1 second' WHERE status = 'taken';
SELECT request_id, attempt FROM cdp.take_enrichment_requests('worker 3', 10);
SELECT request_id, status, attempts, taken_by, problem FROM cdp_data.enrichment_request ORDER BY 1;
SELECT cdp.answer_enrichment_request(3, '{}');
-- Into profiles: the look-up is surer of the owner, the service alone knows the colour.
SELECT enrichment, people, asked FROM cdp.enrich();
SELECT given_name, details ->> 'vehicle_owner' AS owner, details ->> 'vehicle_colour' AS colour FROM seen ORDER BY 1;
SELECT e.attribute, e.value, e.is_used, e.why, e.enrichment, e.confidence, e.cost FROM cdp_data.profile f, cdp.profile_enrichment(f.profile_id) e WHERE f.given_name = 'Ana' AND e.attribute LIKE 'vehicle%';
-- It runs out: it goes, and is asked for again.
UPDATE cdp_data.enrichment_answer SET expires_at = now() - interval '1 second' WHERE answer <> '{}';
UPDATE cdp_data.enriched_value SET expires_at = now() - interval '1 second' WHERE enrichment = 'registry';
SELECT enrichment, people, asked FROM cdp.enrich();
SELECT given_name, details ->> 'vehicle_colour' AS colour FROM seen WHERE given_name = 'Ana';
SELECT request_id > 3 AS is_new, input FROM cdp_data.enrichment_request WHERE status = 'queued';

-- Two people become one, and two again: what was found follows the plates.
UPDATE cdp_data.enrichment_answer SET expires_at = NULL;
SELECT enrichment, people FROM cdp.enrich('registry');
CREATE VIEW plates AS SELECT f.given_name, f.details ->> 'license_plate' AS plate, f.details ->> 'vehicle_owner' AS owner, f.details ->> 'vehicle_colour' AS colour, f.record_count FROM cdp_data.profile f WHERE f.record_count > 0;
SELECT * FROM plates WHERE given_name IN ('Ana', 'Dora') ORDER BY 1;
SELECT cdp.merge_profiles((SELECT profile_id FROM cdp_data.profile WHERE given_name = 'Ana'), (SELECT profile_id FROM cdp_data.profile WHERE given_name = 'Dora')) IS NOT NULL AS merged;
SELECT count(*) AS people, count(*) FILTER (WHERE (plate, owner, colour) IN (('ABCD-12', 'Ana Rojas', 'red'))) + count(*) FILTER (WHERE plate = 'ZZZZ-99' AND owner = 'Dora' AND colour IS NULL) AS consistent FROM plates WHERE record_count = 2;
SELECT count(*) AS stray FROM cdp_data.enriched_value v WHERE NOT EXISTS (SELECT FROM cdp_data.record r WHERE r.profile_id = v.profile_id);
SELECT records_moved FROM cdp.unmerge_profile((SELECT profile_id FROM cdp_data.profile WHERE record_count = 2), ARRAY(SELECT record_id FROM cdp_data.record WHERE source_key = '1'));
SELECT * FROM plates WHERE given_name IN ('Ana', 'Dora') ORDER BY 1;
-- From every record of a person, not only from what won.
SELECT cdp.add_lookup('any_make', 'geo.plates', key => '{plate}', on_attribute => '{license_plate}', gives => '{"make": "any_make"}', valid_from => 'since', valid_to => 'until', per_record => true);
SELECT enrichment, people FROM cdp.enrich();
SELECT cdp.merge_profiles((SELECT profile_id FROM cdp_data.profile WHERE given_name = 'Ana'), (SELECT profile_id FROM cdp_data.profile WHERE given_name = 'Dora')) IS NOT NULL AS merged;
SELECT e.value, e.is_used, e.why, e.input FROM cdp_data.profile f, cdp.profile_enrichment(f.profile_id) e WHERE f.record_count = 2 AND e.attribute = 'any_make';
-- Values that are enriched equal those enriched from nothing.
CREATE TABLE before AS SELECT profile_id, attribute, enrichment, input_hash, value, is_used, source_value FROM cdp_data.enriched_value;
CREATE TABLE profiles_before AS SELECT profile_id, region, details FROM cdp_data.profile;
UPDATE cdp_data.profile SET built_at = '-infinity';
SELECT cdp._build_profiles() > 0 AS built;
SELECT count(*) FROM (SELECT * FROM before EXCEPT SELECT profile_id, attribute, enrichment, input_hash, value, is_used, source_value FROM cdp_data.enriched_value) x;
SELECT count(*) FROM (SELECT profile_id, attribute, enrichment, input_hash, value, is_used, source_value FROM cdp_data.enriched_value EXCEPT SELECT * FROM before) x;
SELECT count(*) FROM profiles_before b JOIN cdp_data.profile f USING (profile_id) WHERE (b.region, b.details) IS DISTINCT FROM (f.region, f.details);
-- Removed, everything is as sources say it.
SELECT cdp.remove_enrichment(name) FROM (SELECT name FROM cdp_data.enrichment ORDER BY position) e;
SELECT given_name, region, details FROM seen ORDER BY 1;
SELECT count(*) FROM cdp_data.enriched_value;
