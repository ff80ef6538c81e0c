-- Consent: from sources and by hand, as of any instant, and what of it reaches a list.
CREATE EXTENSION cdp;
SELECT cdp.install() LIKE 'store installed%' AS installed;
\set VERBOSITY default
\set SHOW_CONTEXT never
\pset null '(null)'
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
CREATE TABLE crm (id int PRIMARY KEY, name text, mail text, phone text, city text, street text, ok_mail text, no_sms text, ok_post text, changed timestamptz, card text);
INSERT INTO crm VALUES
    (1, 'Ana Rojas',  'ana@example.com',  '+56961230001', 'Lima',  'Uno 1',  'yes', 'no',  'sí',  '2026-01-01', NULL),
    (2, 'Bo Li',      'bo@example.com',   '+56961230002', 'Quito', 'Dos 2',  'N',   'yes', NULL,  '2026-01-01', NULL),
    (3, 'Carl Marsh', 'carl@example.com', NULL,           'Paris', NULL,     NULL,  'no',  'yes', NULL,         NULL),
    (4, 'Dora Vidal', NULL,               '+56961230004', 'Oslo',  'Cuatro', 'yes', NULL,  'no',  '2026-01-01', NULL),
    (5, 'Eva Stone',  'eva@example.com',  NULL,           'Rome',  NULL,     'perhaps', NULL, NULL, '2026-01-01', NULL);
SELECT * FROM cdp.add_source('crm', 'crm', mapping => '{"name": "full_name", "mail": "email", "phone": "phone", "city": "city", "street": "street", "ok_mail": "consent_email",
    "no_sms": "refuses_sms", "ok_post": "consent_post", "changed": "updated_at", "card": "loyalty_id"}');
SELECT * FROM cdp.ingest('crm');
SELECT attribute, value, reason FROM cdp_data.reject;
SELECT anchor_kind, CASE anchor_kind WHEN 'record' THEN (SELECT source_key FROM cdp_data.record WHERE record_id::text = anchor_value) ELSE anchor_value END AS anchor,
       channel, purpose, is_granted, evidence, decided_at = '2026-01-01' AS of_the_source
FROM cdp_data.consent ORDER BY channel, 2;
-- A row that changes elsewhere repeats no decision.
UPDATE crm SET city = 'Santiago' WHERE id = 1;
SELECT rows_changed FROM cdp.ingest('crm');
SELECT count(*) FROM cdp_data.consent;
CALL cdp.resolve();
CREATE VIEW reach AS SELECT f.given_name, h.channel, h.purpose, h.address FROM cdp_data.reachable h JOIN cdp_data.profile f USING (profile_id);
SELECT * FROM reach ORDER BY channel, given_name;

-- By hand; the address is cleaned as it is in records.
SELECT cdp.grant_consent('  BO@Example.COM ', 'email', evidence => 'form');
SELECT cdp.grant_consent('+56 9 6123 0002', 'sms', at => '2026-02-01');
SELECT * FROM reach WHERE given_name = 'Bo' ORDER BY channel;
SELECT cdp.withdraw_consent('bo@example.com', 'email');
SELECT * FROM reach WHERE given_name = 'Bo' ORDER BY channel;
-- An older decision that is entered late does not undo a newer one.
SELECT cdp.grant_consent('bo@example.com', 'email', at => '2026-01-15');
SELECT * FROM reach WHERE given_name = 'Bo' ORDER BY channel;
-- Of two decisions of one instant, the refusal.
BEGIN;
SELECT cdp.withdraw_consent('ana@example.com', 'email', at => '2026-03-01'), cdp.grant_consent('ana@example.com', 'email', at => '2026-03-01');
SELECT count(*) FROM reach WHERE given_name = 'Ana' AND channel = 'email';
ROLLBACK;

-- Purposes.
INSERT INTO cdp_data.purpose VALUES ('research', 'Studies');
SELECT cdp.grant_consent('ana@example.com', 'email', 'research');
SELECT * FROM reach WHERE given_name = 'Ana' ORDER BY channel, purpose;

-- What was known at an instant.
SELECT is_granted, anchor, decided_at, evidence FROM cdp.consent_state(cdp.profile_of('crm', '2'), at => '2025-12-31');
SELECT is_granted, anchor, decided_at, evidence FROM cdp.consent_state(cdp.profile_of('crm', '2'), at => '2026-01-10');
SELECT is_granted, anchor, decided_at, evidence FROM cdp.consent_state(cdp.profile_of('crm', '2'), at => '2026-01-20');
SELECT is_granted, anchor FROM cdp.consent_state(cdp.profile_of('crm', '2'));
SELECT is_granted, anchor, decided_at FROM cdp.consent_state(cdp.profile_of('crm', '2'), channel => 'sms', at => '2026-02-01');

-- The list: a withdrawal counts in the same transaction.
SELECT cdp.define_segment('everybody', 'city is known');
SELECT segment, members, entered FROM cdp.refresh_segments('2026-04-01');
SELECT given_name, address, city FROM cdp.audience('everybody', channel => 'email');
BEGIN;
SELECT cdp.withdraw_consent('ana@example.com', 'email');
SELECT given_name, address FROM cdp.audience('everybody', channel => 'email');
ROLLBACK;
SELECT given_name, address FROM cdp.audience('everybody', channel => 'email', purpose => 'research');
SELECT given_name, address FROM cdp.audience('everybody', channel => 'sms');
SELECT given_name, address FROM cdp.audience('everybody', channel => 'phone');
SELECT given_name, address FROM cdp.audience('everybody', channel => 'post');
-- A clock that is a little ahead does not delay a withdrawal.
BEGIN;
SELECT cdp.withdraw_consent('ana@example.com', 'email', at => now() + interval '30 seconds');
SELECT count(*) FROM reach WHERE given_name = 'Ana' AND channel = 'email' AND purpose = 'marketing';
ROLLBACK;
-- Nor does a source with a date in the future.
BEGIN;
UPDATE crm SET ok_mail = 'no', changed = '2926-01-01' WHERE id = 1;
SELECT rows_changed FROM cdp.ingest('crm');
SELECT count(*) FROM reach WHERE given_name = 'Ana' AND channel = 'email' AND purpose = 'marketing';
ROLLBACK;

-- Merged people: decisions follow the address; one refusal among the addresses of a person stops the channel.
INSERT INTO crm VALUES (6, 'Ana Rojas', 'ana.private@example.com', NULL, NULL, NULL, 'no', NULL, NULL, '2026-01-01', 'card-1');
UPDATE crm SET card = 'card-1' WHERE id = 1;
SELECT rows_new, rows_changed FROM cdp.ingest('crm');
CALL cdp.resolve();
SELECT cdp.profile_of('crm', '1') = cdp.profile_of('crm', '6') AS merged;
SELECT is_granted, anchor FROM cdp.consent_state(cdp.profile_of('crm', '1'));
SELECT * FROM reach WHERE given_name = 'Ana' ORDER BY channel, purpose;
SELECT cdp.grant_consent('ana.private@example.com', 'email');
SELECT * FROM reach WHERE given_name = 'Ana' ORDER BY channel, purpose;
-- The source says no where it said yes.
UPDATE crm SET ok_mail = 'no', changed = '2026-05-01' WHERE id = 1;
SELECT rows_changed FROM cdp.ingest('crm');
SELECT count(*) FROM reach WHERE given_name = 'Ana' AND channel = 'email' AND purpose = 'marketing';
-- An address without a decision is not written to, though another address of the person may be.
INSERT INTO crm VALUES (7, 'Frank Olsen', 'frank.one@example.com', NULL, NULL, NULL, NULL, NULL, NULL, '2026-06-01', 'card-2'),
                       (8, 'Frank Olsen', 'frank.two@example.com', NULL, NULL, NULL, 'yes', NULL, NULL, '2026-01-01', 'card-2');
SELECT rows_new FROM cdp.ingest('crm');
CALL cdp.resolve();
SELECT f.email AS golden, r.address FROM cdp_data.profile f JOIN cdp_data.reachable r USING (profile_id) WHERE f.given_name = 'Frank';

-- Post hangs on a record.
SELECT cdp.withdraw_consent(record_id::text, 'post') ~ 'withdrawn' FROM cdp_data.record WHERE source_key = '1';
SELECT count(*) FROM reach WHERE given_name = 'Ana' AND channel = 'post';

-- Errors.
SELECT cdp.grant_consent('ana@example.com', 'mail');
SELECT cdp.grant_consent('ana@example.com', 'emial');
SELECT cdp.grant_consent('ana@example.com', NULL);
SELECT cdp.grant_consent('ana@example.com', 'email', 'marketting');
SELECT cdp.grant_consent('ana@example.com', 'email', NULL);
SELECT cdp.grant_consent('ana', 'email');
SELECT cdp.grant_consent(NULL, 'email');
SELECT cdp.grant_consent('12', 'sms');
SELECT cdp.grant_consent('4711', 'post');
SELECT cdp.grant_consent('ana@example.com', 'email', at => '2926-01-01');
SELECT cdp.grant_consent('ana@example.com', 'email', at => 'infinity');
SELECT cdp.grant_consent('ana@example.com', 'email', at => NULL);
SELECT cdp.consent_state(1, 'fun');
SELECT cdp.consent_state(1, channel => 'letter');
SELECT cdp.audience('everybody', 'letter');
SELECT cdp.audience('everybody', 'email', 'fun');
SELECT cdp.audience('nobody', 'email');

-- Independent check of the view, the naive way: for every person, channel and purpose, all latest decisions agree.
WITH decision AS (
    SELECT DISTINCT r.profile_id, c.channel, c.purpose, c.anchor_kind, c.anchor_value
    FROM cdp_data.record r JOIN cdp_data.consent c ON c.anchor_value IN (CASE c.anchor_kind WHEN 'email' THEN r.email WHEN 'phone' THEN r.phone ELSE r.record_id::text END)),
latest AS (
    SELECT d.*, (SELECT c.is_granted FROM cdp_data.consent c WHERE (c.anchor_kind, c.anchor_value, c.channel, c.purpose) = (d.anchor_kind, d.anchor_value, d.channel, d.purpose)
                 AND NOT EXISTS (SELECT FROM cdp_data.consent l WHERE (l.anchor_kind, l.anchor_value, l.channel, l.purpose) = (d.anchor_kind, d.anchor_value, d.channel, d.purpose)
                                 AND (l.decided_at > c.decided_at OR (l.decided_at = c.decided_at AND l.is_granted < c.is_granted))) LIMIT 1) AS is_granted
    FROM decision d),
allowed AS (SELECT profile_id, channel, purpose FROM latest GROUP BY 1, 2, 3 HAVING count(*) = count(*) FILTER (WHERE is_granted))
SELECT count(*) AS listed_without_consent FROM (SELECT profile_id, channel, purpose FROM cdp_data.reachable EXCEPT SELECT * FROM allowed) AS d;
