-- The store: installing, updating, removing, and what every object of the extension promises.
CREATE EXTENSION cdp;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'

-- Without a store everything says what to do.
SELECT cdp.health();
SELECT cdp.add_source('crm', 'crm');
SELECT cdp.ingest('crm');
CALL cdp.resolve();
CALL cdp.refresh();
SELECT cdp.profile_of('crm', '1');
SELECT cdp.remove_source('crm');
SELECT cdp.explain_match(1, 2);
SELECT cdp.identity_history(1);
SELECT cdp.profile_records(1);
SELECT cdp.timeline(1);
SELECT cdp.consent_state(1);
SELECT cdp.grant_consent('ana@example.com', 'email');
SELECT cdp.audience('x', 'email');
SELECT cdp.load_csv('x', E'a\n1');
SELECT cdp.uninstall('yes');
SELECT cdp.uninstall(NULL);
CREATE SCHEMA cdp_bi;
SELECT cdp.install();
DROP SCHEMA cdp_bi;
SELECT cdp.install();
SELECT cdp.install();
SELECT "check", status, message, next_statement FROM cdp.health() WHERE "check" NOT IN ('library', 'normaliser', 'store');
SELECT "check", status, next_statement FROM cdp.health() WHERE "check" IN ('library', 'normaliser', 'store');

-- A store that is older, or newer, than the extension.
BEGIN;
DELETE FROM cdp_data.store_version WHERE version = (SELECT max(version) FROM cdp_data.store_version);
SELECT cdp.ingest('crm');
ROLLBACK;
BEGIN;
DELETE FROM cdp_data.store_version WHERE version >= 10;
DROP TABLE cdp_data.household_edge, cdp_data.household_link, cdp_data.household, cdp_data.household_member, cdp_data.crowded_home CASCADE;
DROP TABLE cdp_data.match_rule;
DROP TRIGGER note_content ON cdp_data.profile; DROP TRIGGER note_content ON cdp_data.coverage; DROP TRIGGER note_content ON cdp_data.attribute; DROP TRIGGER note_content ON cdp_data.event_property;
DROP TRIGGER note_type ON cdp_data.event_property; DROP TRIGGER drop_dossier ON cdp_data.profile; DROP TRIGGER touch_profile ON cdp_data.profile; DROP TRIGGER drop_dossier_of_other ON cdp_data.profile;
DROP TRIGGER note_inserted ON cdp_data.event; DROP TRIGGER note_deleted ON cdp_data.event; DROP TRIGGER note_before ON cdp_data.event; DROP TRIGGER note_after ON cdp_data.event;
DROP TABLE cdp_data.dossier, cdp_data.dossier_state, cdp_data.stale_record, cdp_data.symbol, cdp_data.dictionary CASCADE;
DROP SEQUENCE cdp_data.content_version;
ALTER TABLE cdp_data.event_property DROP column_id CASCADE;
ALTER TABLE cdp_data.attribute DROP attribute_id CASCADE;
DELETE FROM cdp_data.setting WHERE name = 'dossier_max_events';
DROP INDEX cdp_data.event_record_id_range, cdp_data.event_occurred_at_range, cdp_data.event_batch_range, cdp_data.profile_built_at_idx;
DROP TABLE cdp_data.event_batch, cdp_data.event_key_block, cdp_data.event_key_run CASCADE;
ALTER TABLE cdp_data.event DROP latitude CASCADE, DROP longitude CASCADE, DROP batch_id CASCADE, ADD CONSTRAINT event_pkey PRIMARY KEY (event_id), ADD CONSTRAINT event_source_id_event_key_key UNIQUE (source_id, event_key);
CREATE INDEX event_record_id_occurred_at_idx ON cdp_data.event (record_id, occurred_at);
CREATE INDEX event_kind_id_occurred_at_idx ON cdp_data.event (kind_id, occurred_at);
DROP TABLE cdp_data.raw_source, cdp_data.raw_reading, cdp_data.raw_row, cdp_data.id_map CASCADE;
DROP TABLE cdp_data.plan_check, cdp_data.plan_violation, cdp_data.tracking_plan, cdp_data.currency_rate, cdp_data.merchant_category, cdp_data.message, cdp_data.connection CASCADE;
ALTER TABLE cdp_data.event_kind DROP money_sign CASCADE;
ALTER TABLE cdp_data.source DROP decimal_mark CASCADE;
DROP TABLE cdp_data.loaded_file;
DROP TABLE cdp_data.enrichment, cdp_data.enrichment_request, cdp_data.enrichment_answer, cdp_data.enriched_value, cdp_data.gazetteer, cdp_data.store, cdp_data.holiday CASCADE;
DROP TABLE cdp_data.quality_rule, cdp_data.quality_check, cdp_data.quality_result, cdp_data.column_statistics CASCADE;
DROP TABLE cdp_data.correction, cdp_data.source_read;
ALTER TABLE cdp_data.source DROP watermark_column CASCADE, DROP watermark_value, DROP lateness, DROP deletes CASCADE, DROP deleted_when, DROP max_deleted, DROP check_deletes_every, DROP reads_unchecked, DROP reading;
ALTER TABLE cdp_data.record DROP is_delivered CASCADE, DROP deleted_at CASCADE, DROP deleted_values;
ALTER TABLE cdp_data.reject DROP rule CASCADE, DROP corrected;
DROP TABLE cdp_data.feed, cdp_data.feed_dependency, cdp_data.feed_run, cdp_data.feed_run_stage, cdp_data.runner, cdp_data.alert_rule, cdp_data.alert, cdp_data.segment_size CASCADE;
DELETE FROM cdp_data.setting WHERE name IN ('runner_lease', 'keep_runs');
ALTER TABLE cdp_data.record_identifier DROP first_seen_at, DROP last_seen_at;
DROP TABLE cdp_data.match_term, cdp_data.match_shared_value, cdp_data.match_record, cdp_data.match_pending, cdp_data.match_run CASCADE;
DROP SEQUENCE cdp_data.match_revision;
ALTER TABLE cdp_data.match_model DROP revision CASCADE, DROP records, DROP prior_match CASCADE, DROP prior_household CASCADE, DROP national_ids_trusted CASCADE, DROP key_salt, DROP split_blocks CASCADE, DROP is_indexed;
ALTER TABLE cdp_data.match_edge DROP is_candidate, DROP household;
ALTER TABLE cdp_data.attribute DROP max_records CASCADE;
DELETE FROM cdp_data.setting WHERE name IN ('match_retrain_growth', 'household_max_people', 'device_window');
SELECT "check", status, message, next_statement FROM cdp.health() WHERE "check" = 'store';
SELECT cdp.install();
SELECT count(*) FROM cdp_data.match_pending;
SELECT count(*) FROM cdp_data.match_review;
ROLLBACK;
BEGIN;
INSERT INTO cdp_data.store_version (version, topic, extension_version) VALUES (9999, 'future', '99');
SELECT "check", status, message, next_statement FROM cdp.health() WHERE "check" = 'store';
SAVEPOINT s;
SELECT cdp.ingest('crm');
ROLLBACK TO s;
SELECT cdp.install();
ROLLBACK;

-- Views and triggers of the store come back.
BEGIN;
DROP TRIGGER check_segment ON cdp_data.segment;
SELECT "check", status, message, next_statement FROM cdp.health() WHERE "check" = 'objects';
DROP VIEW cdp_data.reachable;
SELECT "check", status, message, next_statement FROM cdp.health() WHERE "check" = 'objects';
SELECT cdp.install();
SELECT "check", status, message, next_statement FROM cdp.health() WHERE "check" = 'objects';
ROLLBACK;

-- Removing it takes the data along, and a fresh one can follow.
SELECT cdp.uninstall(confirm => 'cdp_data');
SELECT count(*) FROM pg_namespace WHERE nspname IN ('cdp_data', 'cdp_bi');
SELECT cdp.uninstall(confirm => 'cdp_data');
SELECT cdp.install();

-- A role that may not create schemas.
CREATE ROLE store_guest;
GRANT USAGE ON SCHEMA cdp TO store_guest;
BEGIN;
SELECT cdp.uninstall(confirm => 'cdp_data');
SET LOCAL ROLE store_guest;
SELECT cdp.install();
ROLLBACK;
DROP OWNED BY store_guest;
DROP ROLE store_guest;

-- Help.
SELECT p.proname AS not_in_help FROM pg_proc p WHERE p.pronamespace = 'cdp'::regnamespace AND p.proname !~ '^_'
EXCEPT SELECT substr(name, 5) FROM cdp.help();
SELECT name, arguments, description FROM cdp.help('withdraw_consent');
SELECT * FROM cdp.help('no such thing');
SELECT name FROM cdp.help('CDP.Uninstall');
SELECT name FROM cdp.help('cdp_%');

-- What holds for every object: each query names those for which it does not.
SELECT p.oid::regprocedure AS without_comment FROM pg_proc p WHERE p.pronamespace = 'cdp'::regnamespace AND obj_description(p.oid, 'pg_proc') IS NULL;
SELECT p.oid::regprocedure AS argument_without_name FROM pg_proc p
WHERE p.pronamespace = 'cdp'::regnamespace AND p.proname !~ '^_' AND p.pronargs > 0
  AND (p.proargnames IS NULL OR EXISTS (SELECT FROM unnest(p.proargnames[1:p.pronargs]) n WHERE n !~ '^[a-z][a-z_]*$'));
SELECT c.oid::regclass AS without_comment FROM pg_class c
WHERE c.relnamespace IN ('cdp_data'::regnamespace, 'cdp_bi'::regnamespace) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND obj_description(c.oid, 'pg_class') IS NULL;
SELECT c.oid::regclass AS without_grain FROM pg_class c
WHERE c.relnamespace IN ('cdp_data'::regnamespace, 'cdp_bi'::regnamespace) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND obj_description(c.oid, 'pg_class') !~ '^One row ';
SELECT c.oid::regclass AS without_primary_key FROM pg_class c
-- Events have no number of their own that anybody looks up.
WHERE c.relnamespace = 'cdp_data'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname NOT IN ('event', 'stale_record') AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary);
-- Only procedures that commit, which may not have one, and functions that are to be inlined have no search_path of their own.
SELECT p.oid::regprocedure AS without_search_path FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
WHERE p.pronamespace = 'cdp'::regnamespace AND l.lanname <> 'c' AND NOT EXISTS (SELECT FROM unnest(p.proconfig) s WHERE s = 'search_path=pg_catalog, pg_temp');
SELECT p.oid::regprocedure AS security_definer FROM pg_proc p WHERE p.pronamespace = 'cdp'::regnamespace AND p.prosecdef;
-- Types that every BI tool reads, with a length or precision where there is one.
SELECT a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = 'cdp_bi'::regnamespace AND a.attnum > 0 AND c.relkind IN ('r', 'v')
  AND format_type(a.atttypid, a.atttypmod) !~ '^(bigint|integer|date|boolean|timestamp without time zone|numeric\(\d+,\d+\)|character varying\(\d+\))$';
SELECT d.relation_name, d.column_name FROM cdp_bi.data_dictionary d WHERE d.relation_description IS NULL;
-- DROP EXTENSION must take no table along: no column, default or index of the store may use what is the extension's.
SELECT DISTINCT d.classid::regclass AS what, pg_describe_object(d.classid, d.objid, d.objsubid) AS depends_on_the_extension
FROM pg_depend d
JOIN pg_depend x ON x.refclassid = 'pg_extension'::regclass AND x.deptype = 'e' AND x.classid = d.refclassid AND x.objid = d.refobjid
JOIN pg_extension e ON e.oid = x.refobjid AND e.extname = 'cdp'
WHERE d.deptype <> 'e' AND NOT (d.classid = 'pg_trigger'::regclass)
  AND pg_describe_object(d.classid, d.objid, d.objsubid) ~ 'cdp_(data|bi)\.';
