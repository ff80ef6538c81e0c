-- The example of the README, as it stands there (dates fixed).
\pset footer off
CREATE EXTENSION cdp;
SELECT cdp.install();

CREATE TABLE crm (id int PRIMARY KEY, first_name text, last_name text, email text, mobile text, birthday text, city text, newsletter text);
INSERT INTO crm VALUES
    (1, 'MARÍA', 'pérez', 'maria.perez@example.com', '9 6123 4567', '03/04/1986', 'Ñuñoa', 'yes'),
    (2, 'Ana', 'Soto', 'ana@@example.com', NULL, '31/02/1990', 'Santiago', 'no');
CREATE TABLE shop (customer text PRIMARY KEY, name text, mail text, phone text, accepts_marketing text);
INSERT INTO shop VALUES ('S-7', 'Perez, Maria', 'Maria.Perez@Example.com', '+56 9 6123 4567', 'yes');
CREATE TABLE sales (sale int PRIMARY KEY, customer text, paid_at timestamptz, total numeric, category text);
INSERT INTO sales VALUES (1, 'S-7', '2026-11-12 21:30-03', 41000, 'Restaurant'), (2, 'S-7', '2026-11-19 20:45-03', 38500, 'Restaurant');

SELECT * FROM cdp.add_source('crm', 'crm', country => 'CL', priority => 10);
SELECT * FROM cdp.add_source('shop', 'shop', mapping => '{"name": "full_name", "mail": "email", "phone": "phone", "accepts_marketing": "consent_email"}');
SELECT * FROM cdp.add_source('sales', 'sales', kind => 'events', person_source => 'shop', event_kind => 'purchase',
    mapping => '{"customer": "person_key", "paid_at": "occurred_at", "total": "amount", "category": "category"}');
SET client_min_messages = warning;
CALL cdp.refresh();

SELECT profile_id, given_name, family_name, email, phone, birth_date, city, record_count FROM cdp_data.profile ORDER BY profile_id;
SELECT source_key, attribute, value, reason FROM cdp_data.reject ORDER BY attribute;

SELECT cdp.define_segment('thursday dinner', $$
        did purchase where (category = 'restaurant' and weekday = thursday and time between 19:00 and 23:00)
        at least 2 times in last 30 days
    and city = 'nunoa'
    and may be contacted by email
$$, time_zone => 'America/Santiago');
SELECT segment, members, unknown FROM cdp.refresh_segments(as_of => '2026-11-24 12:00-03');
SELECT * FROM cdp.preview('city = ''nunoa'' and did purchase where (amount > 40000) in last 30 days', as_of => '2026-11-24 12:00-03');
SELECT address, given_name, city FROM cdp.audience('thursday dinner', channel => 'email');
