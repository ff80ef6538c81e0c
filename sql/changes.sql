-- What a change in a source, or of a source, does to consents, identities and golden records.
CREATE EXTENSION cdp;
\pset footer off
SET client_min_messages = warning;
SELECT cdp.install() LIKE 'store installed%' AS installed;
CREATE TABLE crm (id int PRIMARY KEY, first_name text, last_name text, email text, phone text, born text, newsletter text, changed date);
INSERT INTO crm VALUES
    (1, 'Ana', 'Soto', 'fam@x.example', NULL, '01/02/1980', 'yes', NULL), (2, 'Luis', 'Soto', 'fam@x.example', NULL, '03/04/1985', 'no', NULL),
    (3, 'Zoe', 'Lund', 'zoe@old.example', NULL, NULL, 'yes', NULL), (4, 'Paz', 'Rey', 'paz@x.example', NULL, NULL, 'yes', NULL),
    (5, 'Kim', 'Roe', 'kim.r@gmail.com', NULL, NULL, 'yes', NULL), (6, 'Ida', 'Berg', 'ida@old.example', NULL, NULL, 'yes', NULL);
SELECT count(*) FROM cdp.add_source('crm', 'crm', mapping => '{"first_name": "given_name", "last_name": "family_name", "email": "email", "phone": "phone",
    "born": "birth_date", "newsletter": "consent_email", "changed": "updated_at"}');
CALL cdp.refresh();
SELECT p.given_name, a.address FROM cdp_data.reachable a JOIN cdp_data.profile p USING (profile_id) ORDER BY 1;

-- One of two who share an address said no: a change of a name makes no new yes.
UPDATE crm SET first_name = 'Ana Maria' WHERE id = 1;
-- A refusal holds for the new address, and for another spelling of the mailbox.
SELECT cdp.withdraw_consent('zoe@old.example', 'email'), cdp.withdraw_consent('kimr@gmail.com', 'email');
UPDATE crm SET email = 'zoe@new.example' WHERE id = 3;
-- A no of today counts against an earlier yes, though the day it bears began before.
UPDATE crm SET newsletter = 'no', changed = current_date WHERE id = 4;
-- A yes goes along to the new address.
UPDATE crm SET email = 'ida@new.example' WHERE id = 6;
CALL cdp.refresh();
SELECT p.given_name, a.address FROM cdp_data.reachable a JOIN cdp_data.profile p USING (profile_id) ORDER BY 1;
SELECT anchor_value, is_granted, count(*) FROM cdp_data.consent GROUP BY 1, 2 ORDER BY anchor_value COLLATE "C", 2;
-- Nothing more is recorded when nothing more is said; a new yes counts.
UPDATE crm SET first_name = first_name || ' B';
CALL cdp.refresh();
SELECT count(*) FROM cdp_data.consent;
UPDATE crm SET newsletter = 'yes', changed = NULL WHERE id IN (2, 4);
CALL cdp.refresh();
SELECT p.given_name, a.address FROM cdp_data.reachable a JOIN cdp_data.profile p USING (profile_id) ORDER BY 1;

-- A source read by other rules is read again, one of another priority changes golden records.
SELECT birth_date FROM cdp_data.profile WHERE family_name = 'Soto' ORDER BY 1;
UPDATE cdp_data.source SET date_order = 'mdy';
CALL cdp.refresh();
SELECT birth_date FROM cdp_data.profile WHERE family_name = 'Soto' ORDER BY 1;
CREATE TABLE shop (id int PRIMARY KEY, given_name text, email text);
INSERT INTO shop VALUES (1, 'Isabel', 'paz@x.example');
SELECT count(*) FROM cdp.add_source('shop', 'shop', mapping => '{"given_name": "given_name", "email": "email", "id": "loyalty_id"}');
UPDATE cdp_data.mapping SET target = 'company' WHERE source_id = 1 AND column_name = 'phone';
UPDATE crm SET phone = 'Acme' WHERE id = 4;
CALL cdp.refresh();
SELECT company FROM cdp_data.profile WHERE company IS NOT NULL;

-- A device that a known user is seen on joins its visitor; broken messages do not stop the others.
CREATE TABLE msg (message text);
SELECT count(*) FROM cdp.add_source('web', 'msg', kind => 'messages');
INSERT INTO msg VALUES ('{"type": "track", "event": "Viewed", "anonymousId": "d2", "timestamp": "2026-01-01T10:00:00Z", "messageId": "m1"}'),
    ('{"type": "identify", "userId": "u1", "timestamp": "2026-01-01T10:00:00Z", "messageId": "m2", "traits": {"email": "paz@x.example", "firstName": "Paz", "lastName": "Rey"}}'),
    ('{"type": "track", "event": "Viewed", "userId": "u1", "timestamp": "2026-01-01T11:00:00Z", "messageId": "m3", "properties": {"n": 1e999999}}'),
    ('{"type": "track", "event": "Viewed", "userId": "u1", "timestamp": "2026-01-01T12:00:00Z", "messageId": "m4", "receivedAt": "1901-01-01T00:00:00Z", "sentAt": "9998-01-01T00:00:00Z", "originalTimestamp": "1001-01-01T00:00:00Z"}');
CALL cdp.refresh();
SELECT source_key, cdp.profile_of('web', source_key) = cdp.profile_of('web', 'user:u1') AS with_u1 FROM cdp_data.record WHERE source_key ~ '^(user|device):' ORDER BY source_key COLLATE "C";
SELECT reason FROM cdp_data.reject WHERE source_id = 3;
SELECT event_key, occurred_at AT TIME ZONE 'UTC' AS at FROM cdp_data.event ORDER BY event_key COLLATE "C";
INSERT INTO msg VALUES ('{"type": "track", "event": "Viewed", "userId": "u1", "anonymousId": "d2", "timestamp": "2026-01-02T10:00:00Z", "messageId": "m5"}');
CALL cdp.refresh();
SELECT source_key, cdp.profile_of('web', source_key) = cdp.profile_of('web', 'user:u1') AS with_u1 FROM cdp_data.record WHERE source_key ~ '^(user|device):' ORDER BY source_key COLLATE "C";
-- The id that went into another still answers.
SELECT count(*) FROM cdp_data.profile_alias a, cdp.timeline(a.profile_id);
