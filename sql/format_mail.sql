-- Mail services: Mailchimp's form-encoded webhook, SendGrid's JSON arrays; refusals, bounces, machines that open mails.
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

-- Decoding against an independent decoder: byte by byte, in SQL.
CREATE FUNCTION pg_temp.encode(value text) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(CASE WHEN b BETWEEN 48 AND 57 OR b BETWEEN 65 AND 90 OR b BETWEEN 97 AND 122 OR b IN (45, 46, 95, 42) THEN chr(b) WHEN b = 32 THEN '+'
                                    ELSE '%' || CASE WHEN n % 2 = 0 THEN upper(lpad(to_hex(b), 2, '0')) ELSE lpad(to_hex(b), 2, '0') END END, '' ORDER BY n), '')
    FROM (SELECT get_byte(convert_to(value, 'UTF8'), n) AS b, n FROM generate_series(0, octet_length(value) - 1) n) AS bytes
$$;
SELECT count(*) AS tried, count(*) FILTER (WHERE cdp.form_to_jsonb('k=' || pg_temp.encode(value) || '&' || pg_temp.encode('x[' || value || ']') || '=1') IS DISTINCT FROM
                                                 jsonb_build_object('k', value, 'x[' || value || ']', '1')) AS wrong
FROM (SELECT (SELECT string_agg(chr(CASE get_byte(h, i) % 4 WHEN 0 THEN 32 + get_byte(h, i + 1) % 95 WHEN 1 THEN 161 + get_byte(h, i + 1) * 3 WHEN 2 THEN 8364 + get_byte(h, i + 1) ELSE 128512 + get_byte(h, i + 1) % 60 END), '' ORDER BY i)
              FROM generate_series(0, 14) i) AS value FROM (SELECT decode(md5(n::text), 'hex') AS h FROM generate_series(1, 1000) n) AS r) AS v;
SELECT cdp.form_to_jsonb('a=1&b=x+y%20z&a=2&c&=d&%=%25&e=%zz%4&f=caf%E9'), cdp.form_to_jsonb(E' a=%00b\r\n'), cdp.form_to_jsonb('{"type": 1}'), cdp.form_to_jsonb('hello world'), cdp.form_to_jsonb('');

SELECT * FROM cdp.connect_source('newsletter', format => 'mailchimp_webhook');
SELECT * FROM cdp.receive_webhook('newsletter', 'type=subscribe&fired_at=2026-01-05+21%3A35%3A57&data%5Bid%5D=8a25ff1d98&data%5Blist_id%5D=a6b5da1054&data%5Bemail%5D=Ana%40Example.com&data%5Bemail_type%5D=html&data%5Bip_opt%5D=10.20.10.30&data%5Bmerges%5D%5BEMAIL%5D=ana%40example.com&data%5Bmerges%5D%5BFNAME%5D=Ana+Mar%C3%ADa&data%5Bmerges%5D%5BLNAME%5D=Rojas&data%5Bmerges%5D%5BPHONE%5D=');
-- Posted again after 75 minutes: the same.
SELECT * FROM cdp.receive_webhook('newsletter', 'type=subscribe&fired_at=2026-01-05+21%3A35%3A57&data%5Bid%5D=8a25ff1d98&data%5Blist_id%5D=a6b5da1054&data%5Bemail%5D=Ana%40Example.com&data%5Bemail_type%5D=html&data%5Bip_opt%5D=10.20.10.30&data%5Bmerges%5D%5BEMAIL%5D=ana%40example.com&data%5Bmerges%5D%5BFNAME%5D=Ana+Mar%C3%ADa&data%5Bmerges%5D%5BLNAME%5D=Rojas&data%5Bmerges%5D%5BPHONE%5D=');
SELECT count(*) FROM (VALUES
    ('type=subscribe&fired_at=2026-01-06+10%3A00%3A00&data[id]=2&data[list_id]=L&data[email]=bo%40example.com'),
    ('type=unsubscribe&fired_at=2026-01-07+10%3A00%3A00&data[action]=unsub&data[reason]=manual&data[id]=2&data[list_id]=L&data[email]=bo%40example.com&data[campaign_id]=C1'),
    ('type=upemail&fired_at=2026-01-08+10%3A00%3A00&data[list_id]=L&data[new_id]=3&data[new_email]=ana.rojas%40example.com&data[old_email]=ana%40example.com'),
    ('type=upemail&fired_at=2026-01-09+10%3A00%3A00&data[list_id]=L&data[new_id]=4&data[new_email]=ana.soto%40example.com&data[old_email]=ana.rojas%40example.com'),
    ('type=profile&fired_at=2026-01-10+10%3A00%3A00&data[list_id]=L&data[email]=ana.soto%40example.com&data[merges][LNAME]=Soto'),
    ('type=cleaned&fired_at=2026-01-11+10%3A00%3A00&data[list_id]=L&data[campaign_id]=C2&data[reason]=hard&data[email]=dora%40example.com'),
    ('type=cleaned&fired_at=2026-01-11+11%3A00%3A00&data[list_id]=L&data[campaign_id]=C2&data[reason]=abuse&data[email]=eva%40example.com'),
    ('type=campaign&fired_at=2026-01-11+12%3A00%3A00&data[id]=C2&data[subject]=News&data[status]=sent&data[list_id]=L'),
    ('type=mystery&fired_at=2026-01-12+10%3A00%3A00&data[email]=fay%40example.com')) AS w(body), cdp.receive_webhook('newsletter', w.body) r WHERE r.messages_kept = 1;
SELECT * FROM cdp.receive_webhook('newsletter', '<html>Bad Gateway</html>');
SELECT * FROM cdp.receive_webhook('newsleter', 'type=subscribe');
SELECT * FROM cdp.receive_webhook(NULL, NULL);
SELECT * FROM cdp.ingest('newsletter');
SELECT * FROM cdp.ingest('newsletter_events');
SELECT r.source_key, r.given_name, r.family_name, r.email, r.details, r.source_updated_at FROM cdp_data.record r ORDER BY 1;
SELECT r.source_key, i.value FROM cdp_data.record_identifier i JOIN cdp_data.record r USING (record_id) WHERE i.kind = 'mailing_list_address' ORDER BY 1, 2;
SELECT anchor_value, is_granted, decided_at FROM cdp_data.consent ORDER BY 1;
SELECT kind, person, at, properties FROM happened ORDER BY at, person;
SELECT reason, left(original, 300) AS original FROM cdp_data.reject WHERE resolved_at IS NULL ORDER BY original;
-- Three addresses, one person, reached at the present one.
CALL cdp.resolve();
SELECT DISTINCT p.address, p.channel FROM cdp_data.reachable p;
SELECT count(DISTINCT profile_id) FROM cdp_data.record WHERE source_key ~ '^ana';
-- The same bodies in a table that something else fills.
CREATE TABLE landing.hook (received text, body text);
INSERT INTO landing.hook VALUES ('x', 'type=unsubscribe&fired_at=2026-02-01+10%3A00%3A00&data%5Bemail%5D=gil%40example.com'), ('x', 'not a form');
SELECT view_name FROM cdp.connect_source('hook', 'landing.hook', format => 'mailchimp_webhook');
SELECT * FROM cdp.ingest('hook');
SELECT * FROM cdp.ingest('hook_events');
SELECT * FROM cdp.receive_webhook('hook', 'type=subscribe');

-- SendGrid.
SELECT * FROM cdp.connect_source('mails', format => 'sendgrid_webhook');
SELECT * FROM cdp.receive_webhook('mails', $json$[
 {"email":"ana@example.com","timestamp":1767607200,"smtp-id":"<1@x>","event":"delivered","category":["news","vip"],"sg_event_id":"e1","sg_message_id":"m1","response":"250 OK"},
 {"email":"ana@example.com","timestamp":1767607260,"event":"open","category":"news","sg_event_id":"e2","sg_message_id":"m1","sg_machine_open":true,"useragent":"Mozilla","ip":"1.2.3.4"},
 {"email":"ana@example.com","timestamp":1767607320,"event":"open","sg_event_id":"e3","sg_message_id":"m1","sg_machine_open":false},
 {"email":"Ana@example.com","timestamp":1767607380,"event":"click","sg_event_id":"e4","sg_message_id":"m1","url":"https://example.com/a?b=1"},
 {"email":"bo@example.com","timestamp":1767607200,"event":"bounce","type":"bounce","reason":"550 unknown","status":"5.1.1","sg_event_id":"e5"},
 {"email":"carl@example.com","timestamp":1767607200,"event":"bounce","type":"blocked","reason":"421 later","sg_event_id":"e6"},
 {"email":"dora@example.com","timestamp":1767607200,"event":"dropped","reason":"Unsubscribed Address","sg_event_id":"e7"},
 {"email":"eva@example.com","timestamp":1767607200,"event":"spamreport","sg_event_id":"e8"},
 {"email":"fay@example.com","timestamp":1767607200,"event":"group_unsubscribe","asm_group_id":10,"sg_event_id":"e9"},
 {"email":"fay@example.com","timestamp":1767693600,"event":"group_resubscribe","asm_group_id":10,"sg_event_id":"e10"},
 {"email":"gus@example.com","timestamp":"soon","event":"open","sg_event_id":"e11"},
 {"email":"gus@example.com","timestamp":1767607200,"event":"teleported","sg_event_id":"e12"},
 "not an object"]$json$);
SELECT * FROM cdp.receive_webhook('mails', '[{"email":"ana@example.com","timestamp":1767607200,"event":"delivered","sg_event_id":"e1"},{"email":"bo@example.com","timestamp":1767693600,"event":"delivered","sg_event_id":"e13"}]');
SELECT * FROM cdp.receive_webhook('mails', '[{"email": ');
SELECT * FROM cdp.receive_webhook('mails', '[]');
SELECT * FROM cdp.ingest('mails');
SELECT * FROM cdp.ingest('mails_events');
SELECT r.source_key, r.details FROM cdp_data.record r JOIN cdp_data.source s USING (source_id) WHERE s.name = 'mails' ORDER BY 1;
SELECT c.anchor_value, c.channel, c.is_granted FROM cdp_data.consent c JOIN cdp_data.source s USING (source_id) WHERE s.name = 'mails' ORDER BY 1;
SELECT kind, person, at, properties FROM happened WHERE source = 'mails_events' ORDER BY key COLLATE "C";
SELECT reason, left(original, 200) AS original FROM cdp_data.reject j JOIN cdp_data.source s USING (source_id) WHERE s.name ~ '^mails' ORDER BY original COLLATE "C";
SELECT cdp.disconnect_source('mails');
SELECT view_name FROM cdp.connect_source('unused', format => 'sendgrid_webhook');
SELECT * FROM cdp.receive_webhook('unused', '[{"email":"a@example.com","timestamp":1767607200,"event":"open"}]');
SELECT cdp.disconnect_source('unused');
DELETE FROM cdp_data.message m USING cdp_data.connection c WHERE c.connection_id = m.connection_id AND c.name = 'unused';
SELECT cdp.disconnect_source('unused');
