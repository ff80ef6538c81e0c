-- Surveys and NPS: events, and what people said as attributes of the qualitative kind.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
CREATE SCHEMA landing;

CREATE VIEW happened AS
SELECT s.name AS source, e.event_key AS key, k.name AS kind, k.money_sign AS sign, r.source_key AS person, e.occurred_at AS at, e.amount, e.currency, e.properties
FROM cdp_data.event e JOIN cdp_data.event_kind k USING (kind_id) JOIN cdp_data.record r USING (record_id) JOIN cdp_data.source s ON s.source_id = e.source_id;

-- An order of three lines, one of a guest by telephone, one refunded in part, one cancelled before it was paid, one cancelled and refunded.

SELECT * FROM cdp.load_csv('landing.nps', $csv$response_id,answered_at,score,comment,email,touchpoint
r1,2026-01-05 10:00,10,Great,ana@example.com,store
r2,2026-02-05 10:00,6,"Slow, and no seats",ana@example.com,web
r3,2026-01-06 10:00,8,,Bo@example.com,store
r4,2026-01-07 10:00,11,,carl@example.com,store
r5,2026-01-07 10:00,,no number,carl@example.com,store
r6,2026-01-07 10:00,7.5,,carl@example.com,store
r7,2026-01-07 10:00,"9,0",,dora@example.com,store
r8,2026-01-07 10:00,0,,,store
$csv$);
SELECT * FROM cdp.connect_source('nps', 'landing.nps', format => 'nps');
SELECT * FROM cdp.ingest('nps');
SELECT * FROM cdp.ingest('nps_events');
SELECT key, kind, person, at, amount, properties FROM happened ORDER BY key;
SELECT source_key, details FROM cdp_data.record ORDER BY 1;
SELECT attribute, data_kind, value_type FROM cdp_data.attribute WHERE data_kind = 'qualitative' ORDER BY 1;
SELECT source_key, reason, original FROM cdp_data.reject ORDER BY 1;
-- Every score and its group, against the definition.
TRUNCATE landing.nps;
INSERT INTO landing.nps (response_id, answered_at, score, email) SELECT 's' || n, '2026-03-01', n::text, n || '@example.com' FROM generate_series(-1, 11) n;
SELECT score, nps_group FROM cdp_data.from_nps_events ORDER BY score;

SELECT * FROM cdp.load_csv('landing.survey', $csv$submitted_at,survey_name,question,answer,customer_id,email
2026-01-05 10:00,Visit,How did you come?,By car,C1,
2026-01-05 10:00,Visit,How many stars?,"4,5",C1,
2026-01-05 10:00,Visit,What would you change?,The music was far too loud for us.,C1,
2026-01-06 10:00,Visit,What would you change?,Nothing,,eva@example.com
2026-01-06 10:00,Visit,How many stars?,,,eva@example.com
2026-01-06 10:00,Visit,How many stars?,3,,
$csv$);
SELECT * FROM cdp.connect_source('survey', 'landing.survey', format => 'survey');
SELECT * FROM cdp.ingest('survey');
SELECT * FROM cdp.ingest('survey_events');
SELECT kind, person, at, properties FROM happened WHERE source = 'survey_events' ORDER BY person, properties ->> 'question';
SELECT r.source_key, r.email, r.details FROM cdp_data.record r JOIN cdp_data.source s USING (source_id) WHERE s.name = 'survey' ORDER BY 1;
SELECT reason FROM cdp_data.reject j JOIN cdp_data.source s USING (source_id) WHERE s.name = 'survey_events';
-- Read again: the same.
SELECT * FROM cdp.ingest('survey_events');
-- The people of another source are known by their numbers only.
CREATE TABLE landing.crm (id text PRIMARY KEY, email text);
INSERT INTO landing.crm VALUES ('C1', 'ana@example.com');
SELECT count(*) FROM cdp.add_source('crm', 'landing.crm');
SELECT source, kind FROM cdp.connect_source('survey_crm', 'landing.survey', format => 'survey', people => 'crm');
SELECT * FROM cdp.ingest('survey_crm_events');
