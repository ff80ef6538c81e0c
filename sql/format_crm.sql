-- Contacts of Salesforce (merged, deleted, opted out) and people and events of Klaviyo.
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

-- The id of 18 characters is the one of 15 with its capital letters told in three more; published example.
SELECT cdp._salesforce_id('0033700000JmrFP'), cdp._salesforce_id('0033700000JmrFPAAZ'), cdp._salesforce_id('001A0000006Vm9r'), cdp._salesforce_id('short');
-- Property: an independent computation, over random ids.
SELECT count(*) AS tried, count(*) FILTER (WHERE cdp._salesforce_id(id) <> id || (
    SELECT string_agg(chr(CASE WHEN v < 26 THEN 65 + v ELSE 22 + v END), '' ORDER BY block)
    FROM (SELECT block, (CASE WHEN ascii(substr(id, block * 5 + 1, 1)) BETWEEN 65 AND 90 THEN 1 ELSE 0 END) + (CASE WHEN ascii(substr(id, block * 5 + 2, 1)) BETWEEN 65 AND 90 THEN 2 ELSE 0 END)
               + (CASE WHEN ascii(substr(id, block * 5 + 3, 1)) BETWEEN 65 AND 90 THEN 4 ELSE 0 END) + (CASE WHEN ascii(substr(id, block * 5 + 4, 1)) BETWEEN 65 AND 90 THEN 8 ELSE 0 END)
               + (CASE WHEN ascii(substr(id, block * 5 + 5, 1)) BETWEEN 65 AND 90 THEN 16 ELSE 0 END) AS v FROM generate_series(0, 2) block) b)) AS wrong
FROM (SELECT (SELECT string_agg(substr('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 1 + get_byte(decode(md5(n || '.' || i), 'hex'), 0) % 62, 1), '') FROM generate_series(1, 15) i) AS id
      FROM generate_series(1, 2000) n) AS r;

SELECT * FROM cdp.load_csv('landing.contact', $csv$Id,IsDeleted,MasterRecordId,LastName,FirstName,Email,Phone,MobilePhone,Birthdate,Title,HasOptedOutOfEmail,DoNotCall,IsEmailBounced,MailingStreet,MailingCity,MailingPostalCode,MailingCountry,MailingLatitude,MailingLongitude,Description,LastModifiedDate
0035e00000AbCdEAAV,false,,Rojas,Ana,ana@example.com,,+56 9 6123 4567,1980-02-03,Director,false,false,false,Calle Uno 1,Santiago,8320000,Chile,-33.4378,-70.6504,Prefers mornings,2026-01-10T10:00:00.000Z
0035e00000AbCdFAAV,true,0035e00000AbCdE,Rojas S.,Anita,anita@old.example,,,,,true,true,false,,,,,,,,2025-06-01T10:00:00.000Z
0035e00000AbCdGAAV,true,,Gone,Carl,carl@example.com,,,,,true,false,false,,,,,,,,2025-07-01T10:00:00.000Z
0035e00000AbCdHAAV,false,,Li,Bo,bo@example.com,022 2345678,,,,true,false,true,,,,,-12.08,421.6,,2026-01-11T10:00:00.000Z
$csv$);
SELECT * FROM cdp.connect_source('sales', 'landing.contact', format => 'salesforce_contacts', country => 'CL');
SELECT * FROM cdp.ingest('sales');
SELECT r.source_key, r.given_name, r.family_name, r.email, r.phone, r.city, r.country, r.details FROM cdp_data.record r ORDER BY 1;
SELECT r.source_key, i.kind, i.value FROM cdp_data.record_identifier i JOIN cdp_data.record r USING (record_id) ORDER BY 1, 2, 3;
-- Opting out refuses; not having opted out is no consent.
SELECT anchor_kind, anchor_value, channel, is_granted FROM cdp_data.consent ORDER BY 2, 3;
-- The merged contact is the same person, and her refusal with it.
CALL cdp.resolve();
SELECT r.source_key, f.given_name, f.email, dense_rank() OVER (ORDER BY r.profile_id) AS person FROM cdp_data.record r JOIN cdp_data.profile f USING (profile_id) ORDER BY 1;
-- A later export in the same table: the latest row of a contact counts. Names as in a warehouse.
INSERT INTO landing.contact ("Id", "IsDeleted", "LastName", "FirstName", "Email", "HasOptedOutOfEmail", "LastModifiedDate")
VALUES ('0035e00000AbCdHAAV', 'false', 'Lee', 'Bo', 'bo.lee@example.com', 'false', '2026-02-01T10:00:00.000Z');
SELECT * FROM cdp.ingest('sales');
SELECT family_name, email FROM cdp_data.record WHERE source_key = '0035e00000AbCdHAAV';
SELECT anchor_value, is_granted FROM cdp_data.consent WHERE anchor_value ~ '^bo' ORDER BY 1;
CREATE TABLE landing.sf_contact (id text, first_name text, last_name text, email text, is_deleted text, master_record_id text, has_opted_out_of_email text, last_modified_date text, _fivetran_synced text);
SELECT view_name, columns_read FROM cdp.connect_source('warehouse', 'landing.sf_contact', format => 'salesforce_contacts');
CREATE TABLE landing.lead (id text, first_name text, lastname_ text, email text);
SELECT view_name FROM cdp.connect_source('leads', 'landing.lead', format => 'salesforce_contacts');
CREATE TABLE landing.leads (id text, first_name text, surname text, email text);
SELECT * FROM cdp.connect_source('leads2', 'landing.leads', format => 'salesforce_contacts');

-- Klaviyo.
SELECT count(*) FROM cdp.load_csv('landing.person', E'id,updated,created,_fivetran_deleted,first_name,last_name,address_1,longitude,latitude,phone_number,country,zip,city,email\nMCX88q,2026-01-01 10:00:00.000,2026-01-01 09:00:00.000,FALSE,Ana,Rojas,Main 1,-70.65,-33.44,+56961234567,Chile,8320000,Santiago,ana@example.com\nMCX88r,2026-01-01 10:00:00.000,,TRUE,Old,One,,,,,,,,old@example.com\n');
SELECT count(*) FROM cdp.load_csv('landing.event', E'id,person_id,campaign_id,datetime,_fivetran_deleted,type,property_value,property_currency_code,property_subject,property_url\n1a,MCX88q,C1,2026-01-05 20:02:45.000,FALSE,Received Email,15,,News,\n1b,MCX88q,C1,2026-01-05 21:00:00.000,FALSE,Clicked Email,,,,https://example.com/\n1c,MCX88q,,2026-01-06 09:00:00.000,FALSE,Placed Order,"49.90",EUR,,\n1d,MCX88q,,2026-01-07 09:00:00.000,FALSE,Cancelled Order,"49.90",EUR,,\n');
SELECT * FROM cdp.connect_source('klaviyo_events', 'landing.event', format => 'klaviyo_events');
SELECT * FROM cdp.connect_source('klaviyo', 'landing.person', format => 'klaviyo_people');
SELECT * FROM cdp.connect_source('klaviyo_events', 'landing.event', format => 'klaviyo_events', people => 'klavio');
SELECT * FROM cdp.connect_source('mail', 'landing.event', format => 'klaviyo_events', people => 'klaviyo');
SELECT * FROM cdp.ingest('klaviyo');
SELECT * FROM cdp.ingest('mail');
SELECT key, kind, sign, person, at, amount, currency, properties FROM happened WHERE source = 'mail' ORDER BY key;
