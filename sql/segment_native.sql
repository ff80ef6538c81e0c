-- Dossiers give the answers of the SQL rendering: random definitions over random people, in several zones, across changes
-- of the clocks, with values that are missing or of another shape. scripts/test runs some; the number is a parameter:
-- psql -v definitions=5000 -f sql/segment_native.sql
CREATE EXTENSION cdp;
\pset footer off
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SELECT cdp.install() LIKE 'store installed%' AS installed;
\if :{?definitions}
\else
    \set definitions 400
\endif
SELECT cdp.add_attribute('points', value_type => 'number'), cdp.add_attribute('is_vip', value_type => 'boolean'),
       cdp.add_attribute('renewal', value_type => 'date'), cdp.add_attribute('joined', value_type => 'timestamp'), cdp.add_attribute('plan');
CREATE TABLE people (id int PRIMARY KEY);
SELECT count(*) FROM cdp.add_source('crm', 'people', mapping => '{"id": "user_id"}');
SELECT setseed(0.4);

CREATE FUNCTION pg_temp.pick(VARIADIC words text[]) RETURNS text LANGUAGE sql VOLATILE AS
$$ SELECT words[1 + floor(random() * cardinality(words))::int] $$;
CREATE FUNCTION pg_temp.below(n int) RETURNS int LANGUAGE sql VOLATILE AS $$ SELECT floor(random() * n)::int $$;

INSERT INTO cdp_data.profile (profile_id, status, city, gender, email, birth_date, details)
SELECT i, CASE WHEN i % 20 = 0 THEN 'anonymous' ELSE 'active' END, pg_temp.pick('Ñuñoa', 'NUNOA', 'Lima', 'Quito', 'quito', NULL), pg_temp.pick('female', 'male', NULL),
       pg_temp.pick('a@acme.com', 'b@example.com', NULL), CASE WHEN i % 5 > 0 THEN date '1960-02-25' + pg_temp.below(18000) + CASE i % 7 WHEN 0 THEN 14613 - 14613 ELSE 0 END END,
       jsonb_strip_nulls(jsonb_build_object(
           'points', CASE pg_temp.below(6) WHEN 0 THEN '"many"' WHEN 1 THEN 'null' WHEN 2 THEN '12.34565' WHEN 3 THEN '1e15' ELSE pg_temp.below(40)::text END::jsonb,
           'is_vip', pg_temp.pick('true', 'false', '"yes"', 'null')::jsonb,
           'renewal', pg_temp.pick('"2026-09-30"', '"2026-02-31"', '"2026-10-05"', '"2026-11-01"', 'null')::jsonb,
           'joined', CASE WHEN pg_temp.below(4) > 0 THEN to_jsonb(to_char(timestamp '2026-10-25 00:30' - pg_temp.below(3000) * interval '37 minutes', 'YYYY-MM-DD HH24:MI:SS') || 'Z') END,
           'plan', pg_temp.pick('"basic"', '"Básic"', '"gold"', '7', 'true', 'null')::jsonb))
FROM generate_series(1, 120) i;
UPDATE cdp_data.profile SET birth_date = '2000-02-29' WHERE profile_id IN (3, 8);
INSERT INTO cdp_data.record (record_id, source_id, source_key, profile_id) OVERRIDING SYSTEM VALUE
SELECT i, 1, i::text, 1 + (i - 1) % 120 FROM generate_series(1, 150) i;
INSERT INTO cdp_data.event_kind (name) VALUES ('purchase'), ('visit'), ('call');
INSERT INTO cdp_data.event_property (kind_id, property, value_type) VALUES (1, 'category', 'text'), (1, 'covers', 'number'), (1, 'is_gift', 'boolean'), (2, 'section', 'text');
INSERT INTO cdp_data.coverage VALUES (1, 1, '2026-08-20', '2026-10-27'), (1, 2, '2026-10-01', '2026-10-27');
-- Some at the same instant, some at the very instants that windows begin at, some in the hours that clocks repeat or leave out.
INSERT INTO cdp_data.event (record_id, kind_id, occurred_at, amount, currency, properties, source_id, event_key)
SELECT 1 + pg_temp.below(150), k.kind, CASE pg_temp.below(4) WHEN 0 THEN timestamptz '2026-10-27 12:00-03' - pg_temp.below(70) * interval '1 day'
           WHEN 1 THEN timestamptz '2026-10-25 00:00Z' + pg_temp.below(200) * interval '1 minute'
           ELSE timestamptz '2026-10-27 15:00Z' - pg_temp.below(110000) * interval '71 seconds' - pg_temp.below(1000) * interval '1 microsecond' END,
       CASE WHEN k.kind = 1 AND pg_temp.below(5) > 0 THEN pg_temp.below(4000) * 0.25 END, CASE k.kind WHEN 1 THEN pg_temp.pick('USD', 'CLP') END,
       CASE k.kind WHEN 1 THEN jsonb_strip_nulls(jsonb_build_object('category', pg_temp.pick('"Wine"', '"wine"', '"vino tinto"', '"Café"', '3', 'null')::jsonb,
                                                'covers', pg_temp.pick('2', '4', '2.5', '"two"', '-1.00005', 'null')::jsonb, 'is_gift', pg_temp.pick('true', 'false', '"no"', 'null')::jsonb))
                   WHEN 2 THEN jsonb_strip_nulls(jsonb_build_object('section', pg_temp.pick('home', 'Wine', 'sport', NULL))) ELSE '{}' END,
       1, i::text
FROM generate_series(1, 2500) i, LATERAL (SELECT CASE WHEN pg_temp.below(10) < 6 THEN 1 WHEN i % 9 > 0 THEN 2 ELSE 3 END AS kind WHERE i > 0) k;
SELECT cdp.rebuild_dossiers();

CREATE FUNCTION pg_temp.some_window() RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT CASE pg_temp.below(11)
        WHEN 0 THEN '' WHEN 1 THEN format('in last %s %s', 1 + pg_temp.below(40), pg_temp.pick('days', 'hours', 'minutes'))
        WHEN 2 THEN format('in last %s %s', 1 + pg_temp.below(3), pg_temp.pick('weeks', 'months', 'quarters', 'years'))
        WHEN 3 THEN format('in last %s whole %s', 1 + pg_temp.below(4), pg_temp.pick('days', 'weeks', 'months'))
        WHEN 4 THEN format('between %s and %s days ago', pg_temp.below(10), 10 + pg_temp.below(30))
        WHEN 5 THEN format('in last %s quarters', 1 + pg_temp.below(3)) WHEN 6 THEN 'this ' || pg_temp.pick('month', 'week', 'year')
        WHEN 7 THEN 'since ''2026-10-2' || pg_temp.below(8) || '''' WHEN 8 THEN 'before ''2026-10-2' || pg_temp.below(8) || ''''
        WHEN 9 THEN 'on ''2026-10-2' || pg_temp.below(8) || '''' ELSE format('between ''2026-10-0%s'' and ''2026-10-2%s''', 1 + pg_temp.below(9), pg_temp.below(8)) END
$$;
CREATE FUNCTION pg_temp.some_where(depth int) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF depth > 0 AND pg_temp.below(3) = 0 THEN
        RETURN '(' || pg_temp.some_where(depth - 1) || pg_temp.pick(' and ', ' or ') || pg_temp.some_where(depth - 1) || ')';
    END IF;
    RETURN CASE pg_temp.below(16)
        WHEN 0 THEN 'category ' || pg_temp.pick('= ''wine''', '<> ''WINE''', 'contains ''in''', 'is exactly ''Wine''', 'like ''v%o''', 'is known', 'is unknown', 'in (''wine'', ''cafe'')', 'not in (''3'')', '> ''c''', 'starts with ''vi''')
        WHEN 1 THEN 'amount ' || pg_temp.pick('> ', '<= ', '= ', '<> ') || pg_temp.below(1000)
        WHEN 2 THEN 'amount between 100 and ' || pg_temp.below(900)
        WHEN 3 THEN 'covers ' || pg_temp.pick('= 2', '> 2', '< 0', 'is known', 'in (2, 4)', '= -1.0001', '= -1.0000')
        WHEN 4 THEN 'is_gift is ' || pg_temp.pick('true', 'false', 'unknown') WHEN 5 THEN 'weekday = ' || pg_temp.pick('sunday', 'monday', 'thursday')
        WHEN 6 THEN 'hour ' || pg_temp.pick('< ', '>= ') || pg_temp.below(24) WHEN 7 THEN format('time between %s:00 and %s:30', lpad(pg_temp.below(24)::text, 2, '0'), lpad(pg_temp.below(24)::text, 2, '0'))
        WHEN 8 THEN 'day ' || pg_temp.pick('> 20', '= 25') WHEN 9 THEN 'month = ' || (8 + pg_temp.below(3)) WHEN 10 THEN 'currency ' || pg_temp.pick('= ''usd''', 'is known', '<> ''CLP''')
        WHEN 11 THEN 'amount * 2 - covers > ' || pg_temp.below(900) WHEN 12 THEN 'amount / covers >= ' || pg_temp.below(300) WHEN 13 THEN 'not ' || pg_temp.some_where(0)
        WHEN 14 THEN 'person.' || pg_temp.pick('points > 9', 'city = ''quito''', 'is_vip is true') ELSE 'amount >= person.points * 10' END;
END $$;
CREATE FUNCTION pg_temp.some_event(kind text) RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT kind || CASE WHEN kind <> 'purchase' THEN pg_temp.pick('', CASE kind WHEN 'visit' THEN ' where (section = ''wine'')' ELSE '' END) WHEN pg_temp.below(3) = 0 THEN '' ELSE ' where (' || pg_temp.some_where(2) || ')' END
$$;
CREATE FUNCTION pg_temp.some_number(depth int) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF depth > 0 AND pg_temp.below(4) = 0 THEN
        RETURN '(' || pg_temp.some_number(depth - 1) || pg_temp.pick(' + ', ' - ', ' * ', ' / ') || pg_temp.some_number(depth - 1) || ')';
    END IF;
    RETURN CASE pg_temp.below(6) WHEN 0 THEN 'age' WHEN 1 THEN 'points' WHEN 2 THEN pg_temp.below(500)::text || pg_temp.pick('', '.5', '.125')
        WHEN 3 THEN 'days since ' || pg_temp.pick('last', 'first') || ' ' || pg_temp.some_event(pg_temp.pick('purchase', 'visit', 'call'))
        ELSE pg_temp.pick('sum(amount)', 'avg(amount)', 'min(amount)', 'max(amount)', 'median(amount)', 'count', 'count(distinct category)', 'sum(covers)', 'avg(covers)')
             || ' of ' || pg_temp.some_event('purchase') || ' ' || pg_temp.some_window() END;
END $$;
CREATE FUNCTION pg_temp.some_condition(depth int) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF depth > 0 AND pg_temp.below(2) = 0 THEN
        RETURN '(' || pg_temp.some_condition(depth - 1) || pg_temp.pick(' and ', ' or ') || pg_temp.some_condition(depth - 1) || ')';
    END IF;
    RETURN CASE least(pg_temp.below(20), 16)
        WHEN 0 THEN 'city ' || pg_temp.pick('= ''nunoa''', '<> ''Lima''', 'is exactly ''NUNOA''', 'is unknown', 'in (''quito'', ''lima'')', 'not contains ''it''', 'between ''l'' and ''o''', 'ends with ''A''')
        WHEN 1 THEN 'plan ' || pg_temp.pick('= ''basic''', '= ''7''', 'is known', 'not in (''true'')') WHEN 2 THEN 'is_vip is ' || pg_temp.pick('true', 'false', 'known')
        WHEN 3 THEN pg_temp.pick('renewal', 'birth_date') || ' ' || pg_temp.pick('in next 30 days', 'before ''2026-10-06''', 'is known', '> ''2000-01-01''', 'in last 2 months', 'this year', 'between ''1990-01-01'' and ''2026-10-05''', 'more than 20 years ago', '= ''2026-09-30''')
        WHEN 4 THEN 'joined ' || pg_temp.pick('in last 40 hours', 'in last 30 days', 'on ''2026-10-24''', '> ''2026-10-20''', '<= ''2026-10-20''', '<> ''2026-10-24''', 'after ''2026-10-01''', 'is unknown', 'in last 2 whole weeks')
        WHEN 5 THEN 'anniversary of ' || pg_temp.pick('birth_date', 'joined') || ' in next ' || pg_temp.below(200) || ' days'
        WHEN 6 THEN 'not ' || pg_temp.some_condition(0) WHEN 7 THEN 'email ' || pg_temp.pick('like ''%acme%''', 'is known')
        WHEN 8 THEN pg_temp.some_number(2) || pg_temp.pick(' > ', ' <= ', ' = ', ' <> ') || pg_temp.some_number(1)
        WHEN 9 THEN pg_temp.some_number(1) || pg_temp.pick(' > ', ' <= ') || pg_temp.some_number(2)
        WHEN 10 THEN 'did not ' || pg_temp.some_event(pg_temp.pick('purchase', 'visit', 'call')) || ' ' || pg_temp.some_window()
        WHEN 11 THEN format('did %s in at least %s of the last %s %s', pg_temp.some_event('purchase'), 1 + pg_temp.below(3), 3 + pg_temp.below(5), pg_temp.pick('days', 'weeks', 'months'))
        WHEN 12 THEN pg_temp.pick('reachable by email', 'in segment ''all''', 'may be contacted by sms for ''marketing''')
        WHEN 13 THEN format('did %s then %s %s %s %s %s', pg_temp.some_event(pg_temp.pick('purchase', 'visit')), pg_temp.pick('', 'within 9 days '), pg_temp.some_event(pg_temp.pick('purchase', 'visit')),
                            pg_temp.pick('', 'then purchase', 'then within 80 hours visit then purchase', 'without call in between', 'without purchase where (amount > 700) in between'), pg_temp.pick('', 'within 2 weeks', 'within 30 hours', 'within 5 days'), pg_temp.some_window())
        WHEN 14 THEN format('did %s not followed by %s %s %s', pg_temp.some_event(pg_temp.pick('purchase', 'visit')), pg_temp.some_event(pg_temp.pick('purchase', 'visit')), pg_temp.pick('', 'within 2 weeks', 'within 30 hours', 'within 9 days'), pg_temp.some_window())
        WHEN 15 THEN format('did purchase %s purchase %s matching (%s) %s', pg_temp.pick('then', 'not followed by', 'then purchase then within 6 days'), pg_temp.pick('', 'within 2 weeks', 'within 80 hours'), pg_temp.pick('category', 'covers', 'covers, category', 'currency'), pg_temp.some_window())
        ELSE format('did %s %s %s', pg_temp.some_event(pg_temp.pick('purchase', 'purchase', 'visit')), pg_temp.pick('', 'at least 2 times', 'at most 3 times', 'exactly 1 times', 'between 2 and 5 times'), pg_temp.some_window()) END;
END $$;

SELECT cdp.define_segment('all', 'points is known');
SELECT count(*) FROM cdp.refresh_segments('2026-10-27 12:00-03');

-- Each definition, the people for whom the two answers differ. The test can fail: both answers occur often.
CREATE TEMP TABLE tried (definition text, zone text, yes bigint, no bigint, unknown bigint, differ bigint, problem text);
CREATE PROCEDURE pg_temp.try(n int) LANGUAGE plpgsql AS $$
DECLARE
    text_of_it text;
    zone text;
    instant timestamptz;
    found record;
BEGIN
    FOR i IN 1 .. n LOOP
        text_of_it := pg_temp.some_condition(3);
        zone := pg_temp.pick('UTC', 'America/Santiago', 'Europe/Berlin', 'Asia/Kathmandu', 'Pacific/Apia');
        instant := CASE pg_temp.below(4) WHEN 0 THEN timestamptz '2026-10-25 02:30+02' ELSE timestamptz '2026-10-27 12:00-03' END;
        EXECUTE 'SELECT count(*) FILTER (WHERE s.is_member) AS yes, count(*) FILTER (WHERE NOT s.is_member) AS no, count(*) FILTER (WHERE s.is_member IS NULL) AS unknown,
                        count(*) FILTER (WHERE s.is_member IS DISTINCT FROM CASE WHEN n.profile_id IS NULL THEN false ELSE n.is_member END) AS differ
                 FROM (' || cdp._render_definition('_segment_sql', text_of_it, instant, zone) || ') s
                 LEFT JOIN cdp._find_people(ARRAY[$1], $2, ARRAY[$3]) n USING (profile_id)' INTO found USING text_of_it, instant, zone;
        INSERT INTO tried VALUES (text_of_it, zone, found.yes, found.no, found.unknown, found.differ);
    END LOOP;
END $$;
CALL pg_temp.try(:definitions);
SELECT count(*) = :definitions AS all_tried, sum(yes) > 1000 AS some_yes, sum(no) > 1000 AS some_no, sum(unknown) > 1000 AS some_unknown, sum(differ) AS differ FROM tried;
SELECT definition, zone, differ FROM tried WHERE differ > 0 ORDER BY length(definition) LIMIT 5;
-- The same for the waterfall, and for many definitions in one pass.
SELECT count(*) AS differ FROM (SELECT t.definition FROM tried t ORDER BY length(t.definition) DESC, t.definition LIMIT 20) t,
    LATERAL (SELECT * FROM cdp._count_people(t.definition, '2026-10-27 12:00-03', 'UTC') EXCEPT SELECT * FROM cdp.preview(t.definition, '2026-10-27 12:00-03', 'UTC')) d;
WITH d AS (SELECT array_agg(t.definition ORDER BY t.definition) AS definitions, array_agg('UTC'::text) AS zones FROM (SELECT DISTINCT t.definition FROM tried t LIMIT 50) t)
SELECT count(*) AS differ FROM d, LATERAL (
    (SELECT * FROM cdp._find_people(d.definitions, '2026-10-27 12:00-03', d.zones))
    EXCEPT (SELECT i, f.profile_id, f.is_member FROM generate_subscripts(d.definitions, 1) i, LATERAL cdp._find_people(ARRAY[d.definitions[i]], '2026-10-27 12:00-03', '{UTC}') f)) x;
-- Numbers as dossiers hold them.
SELECT count(*) AS differ FROM (SELECT (random() * 10 ^ pg_temp.below(15) * CASE WHEN i % 2 = 0 THEN 1 ELSE -1 END)::numeric * (10::numeric ^ -pg_temp.below(8)) AS x FROM generate_series(1, 20000) i) v
WHERE cdp._numeric_units(x) IS DISTINCT FROM (round(x, 4) * 10000)::bigint;
SELECT x, cdp._numeric_units(x) FROM (VALUES (0::numeric), (0.00005), (-0.00005), (0.000049999999), (9999), (10000), (99999999.99995), (922337203685477.5807), (922337203685477.5808), ('NaN')) v(x);
