-- Flat views with portable types only: bigint, integer, numeric(p,s), varchar(n), date, timestamp, boolean.
-- Times are in the installation's time zone (cdp_data.setting time_zone).

CREATE OR REPLACE VIEW cdp_bi.dim_profile AS
SELECT f.profile_id AS profile_key, f.status::varchar(10) AS status, f.gender::varchar(10) AS gender,
       date_part('year', f.birth_date)::integer AS birth_year, f.city::varchar(200) AS city, f.region::varchar(200) AS region,
       f.postal_code::varchar(20) AS postal_code, f.country::varchar(2) AS country, f.company::varchar(200) AS company,
       f.record_count AS record_count, f.source_count AS source_count,
       (f.created_at AT TIME ZONE z.value)::date AS created_date, h.household_id AS household_key
FROM cdp_data.profile f LEFT JOIN cdp_data.household_member h ON h.profile_id = f.profile_id AND h.until IS NULL, (SELECT s.value FROM cdp_data.setting s WHERE s.name = 'time_zone') AS z;
COMMENT ON VIEW cdp_bi.dim_profile IS 'One row per person, without what identifies the person. Key: profile_key.';

CREATE OR REPLACE VIEW cdp_bi.dim_profile_pii AS
SELECT f.profile_id AS profile_key, f.given_name::varchar(200) AS given_name, f.family_name::varchar(200) AS family_name, f.birth_date AS birth_date,
       f.email::varchar(320) AS email, f.phone::varchar(30) AS phone, f.street::varchar(400) AS street, f.national_id::varchar(50) AS national_id
FROM cdp_data.profile f;
COMMENT ON VIEW cdp_bi.dim_profile_pii IS 'One row per person: names, addresses and numbers. Grant it to those who need it only. Key: profile_key.';

CREATE OR REPLACE VIEW cdp_bi.dim_household AS
SELECT h.household_id AS household_key, m.members AS member_count, m.former AS former_member_count, f.city::varchar(200) AS city, f.region::varchar(200) AS region,
       f.postal_code::varchar(20) AS postal_code, f.country::varchar(2) AS country, (m.since AT TIME ZONE z.value)::date AS since_date,
       (h.created_at AT TIME ZONE z.value)::date AS created_date
FROM cdp_data.household h
JOIN (SELECT o.household_id, (count(*) FILTER (WHERE o.until IS NULL))::integer AS members, (count(*) FILTER (WHERE o.until IS NOT NULL))::integer AS former,
             min(o.since) FILTER (WHERE o.until IS NULL) AS since, min(o.profile_id) FILTER (WHERE o.until IS NULL) AS eldest
      FROM cdp_data.household_member o GROUP BY o.household_id) AS m USING (household_id)
JOIN cdp_data.profile f ON f.profile_id = m.eldest,
     (SELECT s.value FROM cdp_data.setting s WHERE s.name = 'time_zone') AS z;
COMMENT ON VIEW cdp_bi.dim_household IS 'One row per household: people who are known to live together. Key: household_key; its people are in dim_profile. Consent is of a person, never of a household.';

CREATE OR REPLACE VIEW cdp_bi.dim_segment AS
SELECT s.segment_id AS segment_key, s.name::varchar(100) AS segment_name, s.description::varchar(1000) AS description, s.status::varchar(10) AS status,
       s.version AS version, s.member_count AS member_count, s.unknown_count AS unknown_count, (s.refreshed_at AT TIME ZONE z.value)::timestamp AS refreshed_at
FROM cdp_data.segment s, (SELECT t.value FROM cdp_data.setting t WHERE t.name = 'time_zone') AS z;
COMMENT ON VIEW cdp_bi.dim_segment IS 'One row per segment. Key: segment_key.';

CREATE OR REPLACE VIEW cdp_bi.bridge_profile_segment AS
SELECT m.profile_id AS profile_key, m.segment_id AS segment_key, s.name::varchar(100) AS segment_name, (m.entered_at AT TIME ZONE z.value)::date AS entered_date
FROM cdp_data.segment_member m JOIN cdp_data.segment s USING (segment_id), (SELECT t.value FROM cdp_data.setting t WHERE t.name = 'time_zone') AS z;
COMMENT ON VIEW cdp_bi.bridge_profile_segment IS 'One row per person and segment the person is in now.';

CREATE OR REPLACE VIEW cdp_bi.fact_segment_change AS
SELECT c.change_id AS change_key, c.segment_id AS segment_key, c.profile_id AS profile_key, c.change::varchar(10) AS change,
       (c.changed_at AT TIME ZONE z.value)::timestamp AS changed_at, (c.changed_at AT TIME ZONE z.value)::date AS changed_date
FROM cdp_data.segment_change c, (SELECT t.value FROM cdp_data.setting t WHERE t.name = 'time_zone') AS z;
COMMENT ON VIEW cdp_bi.fact_segment_change IS 'One row each time a person entered or left a segment. Key: change_key.';

CREATE OR REPLACE VIEW cdp_bi.fact_event AS
SELECT e.event_id AS event_key, r.profile_id AS profile_key, k.name::varchar(100) AS event_kind, s.name::varchar(63) AS source,
       (e.occurred_at AT TIME ZONE z.value)::timestamp AS occurred_at, (e.occurred_at AT TIME ZONE z.value)::date AS occurred_date,
       e.amount::numeric(18, 4) AS amount, e.currency::varchar(3) AS currency_code,
       (e.properties ->> 'category')::varchar(200) AS category
FROM cdp_data.event e JOIN cdp_data.record r USING (record_id) JOIN cdp_data.event_kind k USING (kind_id) JOIN cdp_data.source s ON s.source_id = e.source_id,
     (SELECT t.value FROM cdp_data.setting t WHERE t.name = 'time_zone') AS z;
COMMENT ON VIEW cdp_bi.fact_event IS 'One row per event: purchases, visits, clicks. Key: event_key; person: profile_key.';

CREATE OR REPLACE VIEW cdp_bi.data_dictionary AS
SELECT c.relname::varchar(63) AS relation_name, a.attnum::integer AS position, a.attname::varchar(63) AS column_name,
       format_type(a.atttypid, a.atttypmod)::varchar(60) AS column_type, obj_description(c.oid, 'pg_class')::varchar(1000) AS relation_description,
       col_description(c.oid, a.attnum)::varchar(1000) AS column_description
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'cdp_bi'::regnamespace AND c.relkind IN ('r', 'v');
COMMENT ON VIEW cdp_bi.data_dictionary IS 'One row per column of every relation of cdp_bi, with its description.';

-- Columns that need more words than their name.
COMMENT ON COLUMN cdp_bi.dim_profile.profile_key IS 'The person; the same key in every relation of cdp_bi';
COMMENT ON COLUMN cdp_bi.dim_profile.status IS 'active, or anonymous for a visitor of whom only a device is known';
COMMENT ON COLUMN cdp_bi.dim_profile.record_count IS 'Number of source records that are this person';
COMMENT ON COLUMN cdp_bi.dim_profile.household_key IS 'The household that the person lives in; NULL when nobody is known to live with them';
COMMENT ON COLUMN cdp_bi.dim_household.member_count IS 'People who live there now, as far as the records tell';
COMMENT ON COLUMN cdp_bi.dim_household.former_member_count IS 'People who lived there with them and have been seen at another address since';
COMMENT ON COLUMN cdp_bi.dim_household.city IS 'Of the member who has been known longest, as are region, postal_code and country';
COMMENT ON COLUMN cdp_bi.dim_household.since_date IS 'Since when two of the members are known to live together';
COMMENT ON COLUMN cdp_bi.dim_segment.unknown_count IS 'People about whom the data does not say whether they belong';
COMMENT ON COLUMN cdp_bi.fact_event.amount IS 'In the currency of currency_code; not converted';
COMMENT ON COLUMN cdp_bi.fact_event.occurred_at IS 'In the time zone of the installation';
COMMENT ON COLUMN cdp_bi.fact_event.category IS 'The property category of the event, where it has one';
