-- Public holidays, computed: fixed days, days around Easter, the nth weekday of a month, and the rules that move them.

-- The anonymous Gregorian algorithm (Nature, 20 April 1876; Meeus, Astronomical Algorithms, chapter 8).
CREATE FUNCTION cdp.easter(year int) RETURNS date
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    a int := year % 19;
    b int := year / 100;
    c int := year % 100;
    h int;
    l int;
    m int;
BEGIN
    IF year < 1583 OR year > 9999 THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('Easter of the year %s is not computed', year), DETAIL = 'The Gregorian calendar begins in 1582.', HINT = 'For example: SELECT cdp.easter(2026);';
    END IF;
    h := (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    l := (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    m := (a + 11 * h + 22 * l) / 451;
    RETURN make_date(year, (h + l - 7 * m + 114) / 31, (h + l - 7 * m + 114) % 31 + 1);
END
$$;
COMMENT ON FUNCTION cdp.easter(int) IS 'Easter Sunday of a year from 1583 on (western churches). Example: SELECT cdp.easter(2026);';

-- The nth weekday (1 Monday … 7 Sunday) of a month; from its end with n = -1.
CREATE FUNCTION cdp._nth_weekday(year int, month int, weekday int, n int) RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN n > 0 THEN d.first + ((weekday - date_part('isodow', d.first)::int + 7) % 7) + 7 * (n - 1)
                ELSE d.last - ((date_part('isodow', d.last)::int - weekday + 7) % 7) END
    FROM (SELECT make_date(year, month, 1) AS first, (make_date(year, month, 1) + interval '1 month')::date - 1 AS last) AS d
$$;
COMMENT ON FUNCTION cdp._nth_weekday(int, int, int, int) IS 'Internal. The nth weekday of a month.';

-- Chile, law 19.668: holidays on Tuesday to Thursday go back to the Monday, those on Friday on to the next Monday.
CREATE FUNCTION cdp._chilean_monday(day date) RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT day + (ARRAY[0, -1, -2, -3, 3, 0, 0])[date_part('isodow', day)::int]
$$;
COMMENT ON FUNCTION cdp._chilean_monday(date) IS 'Internal. Where a movable Chilean holiday is kept.';

-- Argentina, law 27.399: movable holidays on Tuesday and Wednesday go back to the Monday, those on Thursday and Friday on to the
-- next Monday; those at the weekend stay.
CREATE FUNCTION cdp._argentine_monday(day date) RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT day + (ARRAY[0, -1, -2, 4, 3, 0, 0])[date_part('isodow', day)::int]
$$;
COMMENT ON FUNCTION cdp._argentine_monday(date) IS 'Internal. Where a movable Argentine holiday is kept.';

-- When the sun reaches the longitude 90 degrees, to a quarter of an hour: Meeus, Astronomical Algorithms, chapter 27 (years 1000 to
-- 3000). Chile keeps the day of indigenous peoples (law 21.357) on the day of the June solstice; in its first year, 2021, on the 21st.
CREATE FUNCTION cdp._june_solstice(year int, time_zone text) RETURNS date
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT (to_timestamp((j.jde0 + 0.00001 * j.s / (1 + 0.0334 * cos(radians(j.w)) + 0.0007 * cos(radians(2 * j.w))) - 2440587.5) * 86400 - 70) AT TIME ZONE time_zone)::date
    FROM (SELECT k.jde0, 35999.373 * k.t - 2.47 AS w,
                 485 * cos(radians(324.96 + 1934.136 * k.t)) + 203 * cos(radians(337.23 + 32964.467 * k.t)) + 199 * cos(radians(342.08 + 20.186 * k.t)) + 182 * cos(radians(27.85 + 445267.112 * k.t))
                 + 156 * cos(radians(73.14 + 45036.886 * k.t)) + 136 * cos(radians(171.52 + 22518.443 * k.t)) + 77 * cos(radians(222.54 + 65928.934 * k.t)) + 74 * cos(radians(296.72 + 3034.906 * k.t))
                 + 70 * cos(radians(243.58 + 9037.513 * k.t)) + 58 * cos(radians(119.81 + 33718.147 * k.t)) + 52 * cos(radians(297.17 + 150.678 * k.t)) + 50 * cos(radians(21.02 + 2281.226 * k.t))
                 + 45 * cos(radians(247.54 + 29929.562 * k.t)) + 44 * cos(radians(325.15 + 31555.956 * k.t)) + 29 * cos(radians(60.93 + 4443.417 * k.t)) + 18 * cos(radians(155.12 + 67555.328 * k.t))
                 + 17 * cos(radians(288.79 + 4562.452 * k.t)) + 16 * cos(radians(198.04 + 62894.029 * k.t)) + 14 * cos(radians(199.76 + 31436.921 * k.t)) + 12 * cos(radians(95.39 + 14577.848 * k.t))
                 + 12 * cos(radians(287.11 + 31931.756 * k.t)) + 12 * cos(radians(320.81 + 34777.259 * k.t)) + 9 * cos(radians(227.73 + 1222.114 * k.t)) + 8 * cos(radians(15.45 + 16859.074 * k.t)) AS s
          FROM (SELECT y.jde0, (y.jde0 - 2451545.0) / 36525 AS t
                FROM (SELECT 2451716.56767 + 365241.62603 * x.y + 0.00325 * x.y ^ 2 + 0.00888 * x.y ^ 3 - 0.00030 * x.y ^ 4 AS jde0
                      FROM (SELECT (year - 2000) / 1000.0::float8 AS y) AS x) AS y) AS k) AS j
$$;
COMMENT ON FUNCTION cdp._june_solstice(int, text) IS 'Internal. The day of the June solstice in a time zone.';

CREATE FUNCTION cdp.holidays(country text, year int)
RETURNS TABLE (day date, name text, is_observed boolean)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    chosen CONSTANT text := cdp.normalize_country(country);
    known CONSTANT text[] := ARRAY['AR', 'BR', 'CL', 'DE', 'ES', 'FR', 'GB', 'MX', 'US'];
    easter date;
BEGIN
    IF chosen IS NULL OR chosen <> ALL (known) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('the holidays of %s are not computed', coalesce(country, 'NULL')),
            DETAIL = 'Known are ' || array_to_string(known, ', ') || '.', HINT = 'Add them yourself: INSERT INTO cdp_data.holiday (country, day, name) VALUES (''PE'', ''2026-07-28'', ''Independence Day'');';
    ELSIF year IS NULL OR year NOT BETWEEN 2000 AND 2100 THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('the holidays of the year %s are not computed', coalesce(year::text, 'NULL')), DETAIL = 'The rules are those of today, with the years in which they began; 2000 to 2100.', HINT = 'For example: SELECT * FROM cdp.holidays(''CL'', 2026);';
    END IF;
    easter := cdp.easter(year);
    RETURN QUERY
    WITH fixed AS (
        -- (country, month, day, name, from year, until year)
        SELECT make_date(year, v.m, v.d) AS day, v.name, v.country FROM (VALUES
            ('CL', 1, 1, 'New Year''s Day', 0, 9999), ('CL', 5, 1, 'Labour Day', 0, 9999), ('CL', 5, 21, 'Navy Day', 0, 9999), ('CL', 7, 16, 'Our Lady of Mount Carmel', 2007, 9999),
            ('CL', 8, 15, 'Assumption', 0, 9999), ('CL', 9, 18, 'Independence Day', 0, 9999), ('CL', 9, 19, 'Army Day', 0, 9999), ('CL', 11, 1, 'All Saints', 0, 9999), ('CL', 12, 8, 'Immaculate Conception', 0, 9999),
            ('CL', 12, 25, 'Christmas', 0, 9999),
            ('DE', 1, 1, 'New Year''s Day', 0, 9999), ('DE', 5, 1, 'Labour Day', 0, 9999), ('DE', 10, 3, 'German Unity', 0, 9999), ('DE', 12, 25, 'Christmas', 0, 9999), ('DE', 12, 26, 'Second day of Christmas', 0, 9999), ('DE', 10, 31, 'Reformation (500 years)', 2017, 2017),
            ('ES', 1, 1, 'New Year''s Day', 0, 9999), ('ES', 1, 6, 'Epiphany', 0, 9999), ('ES', 5, 1, 'Labour Day', 0, 9999), ('ES', 8, 15, 'Assumption', 0, 9999), ('ES', 10, 12, 'National Day', 0, 9999), ('ES', 11, 1, 'All Saints', 0, 9999),
            ('ES', 12, 6, 'Constitution Day', 0, 9999), ('ES', 12, 8, 'Immaculate Conception', 0, 9999), ('ES', 12, 25, 'Christmas', 0, 9999),
            ('FR', 1, 1, 'New Year''s Day', 0, 9999), ('FR', 5, 1, 'Labour Day', 0, 9999), ('FR', 5, 8, 'Victory in Europe', 0, 9999), ('FR', 7, 14, 'National Day', 0, 9999), ('FR', 8, 15, 'Assumption', 0, 9999), ('FR', 11, 1, 'All Saints', 0, 9999),
            ('FR', 11, 11, 'Armistice', 0, 9999), ('FR', 12, 25, 'Christmas', 0, 9999),
            ('BR', 1, 1, 'New Year''s Day', 0, 9999), ('BR', 4, 21, 'Tiradentes', 0, 9999), ('BR', 5, 1, 'Labour Day', 0, 9999), ('BR', 9, 7, 'Independence Day', 0, 9999), ('BR', 10, 12, 'Our Lady of Aparecida', 0, 9999), ('BR', 11, 2, 'All Souls', 0, 9999),
            ('BR', 11, 15, 'Republic Day', 0, 9999), ('BR', 11, 20, 'Black Awareness Day', 2024, 9999), ('BR', 12, 25, 'Christmas', 0, 9999),
            ('MX', 1, 1, 'New Year''s Day', 0, 9999), ('MX', 5, 1, 'Labour Day', 0, 9999), ('MX', 9, 16, 'Independence Day', 0, 9999), ('MX', 12, 25, 'Christmas', 0, 9999),
            ('AR', 1, 1, 'New Year''s Day', 0, 9999), ('AR', 3, 24, 'Memory Day', 2006, 9999), ('AR', 4, 2, 'Malvinas Day', 0, 9999), ('AR', 5, 1, 'Labour Day', 0, 9999), ('AR', 5, 25, 'May Revolution', 0, 9999), ('AR', 6, 20, 'Flag Day', 0, 9999),
            ('AR', 7, 9, 'Independence Day', 0, 9999), ('AR', 12, 8, 'Immaculate Conception', 0, 9999), ('AR', 12, 25, 'Christmas', 0, 9999),
            ('US', 1, 1, 'New Year''s Day', 0, 9999), ('US', 6, 19, 'Juneteenth', 2021, 9999), ('US', 7, 4, 'Independence Day', 0, 9999), ('US', 11, 11, 'Veterans Day', 0, 9999), ('US', 12, 25, 'Christmas', 0, 9999),
            ('GB', 1, 1, 'New Year''s Day', 0, 9999), ('GB', 12, 25, 'Christmas', 0, 9999), ('GB', 12, 26, 'Boxing Day', 0, 9999)) AS v(country, m, d, name, since, until)
        WHERE v.country = chosen AND year BETWEEN v.since AND v.until),
    around_easter AS (
        SELECT easter + v.days AS day, v.name FROM (VALUES
            ('CL', -2, 'Good Friday'), ('CL', -1, 'Holy Saturday'), ('DE', -2, 'Good Friday'), ('DE', 1, 'Easter Monday'), ('DE', 39, 'Ascension'), ('DE', 50, 'Whit Monday'), ('ES', -2, 'Good Friday'),
            ('FR', 1, 'Easter Monday'), ('FR', 39, 'Ascension'), ('FR', 50, 'Whit Monday'), ('GB', -2, 'Good Friday'), ('GB', 1, 'Easter Monday'),
            ('BR', -2, 'Good Friday'), ('AR', -48, 'Carnival Monday'), ('AR', -47, 'Carnival Tuesday'), ('AR', -2, 'Good Friday')) AS v(country, days, name)
        WHERE v.country = chosen AND NOT (v.country = 'AR' AND v.days < -40 AND year < 2011)),
    by_weekday AS (
        SELECT CASE v.name WHEN 'Early May' THEN CASE year WHEN 2020 THEN '2020-05-08'::date ELSE cdp._nth_weekday(year, v.m, v.weekday, v.n) END
                           WHEN 'Spring Bank Holiday' THEN CASE year WHEN 2002 THEN '2002-06-04'::date WHEN 2012 THEN '2012-06-04'::date WHEN 2022 THEN '2022-06-02'::date ELSE cdp._nth_weekday(year, v.m, v.weekday, v.n) END
                           ELSE cdp._nth_weekday(year, v.m, v.weekday, v.n) END AS day, v.name
        FROM (VALUES
            ('US', 1, 1, 3, 'Martin Luther King'), ('US', 2, 1, 3, 'Washington''s Birthday'), ('US', 5, 1, -1, 'Memorial Day'), ('US', 9, 1, 1, 'Labor Day'), ('US', 10, 1, 2, 'Columbus Day'), ('US', 11, 4, 4, 'Thanksgiving'),
            ('GB', 5, 1, 1, 'Early May'), ('GB', 5, 1, -1, 'Spring Bank Holiday'), ('GB', 8, 1, -1, 'Summer Bank Holiday'),
            ('MX', 2, 1, 1, 'Constitution Day'), ('MX', 3, 1, 3, 'Birth of Juárez'), ('MX', 11, 1, 3, 'Revolution Day')) AS v(country, m, weekday, n, name)
        WHERE v.country = chosen AND NOT (v.country = 'MX' AND year < 2006)),
    special AS (
        -- Chile: movable to Monday, the Reformation to the Friday, bridges around 18 September; the census of indigenous peoples.
        SELECT cdp._chilean_monday(make_date(year, 6, 29)) AS day, 'Peter and Paul' AS name WHERE chosen = 'CL'
        UNION ALL SELECT cdp._chilean_monday(make_date(year, 10, 12)), 'Meeting of Two Worlds' WHERE chosen = 'CL'
        UNION ALL SELECT make_date(year, 10, 31) + (ARRAY[0, -4, 2, 0, 0, 0, 0])[date_part('isodow', make_date(year, 10, 31))::int], 'Evangelical Churches' WHERE chosen = 'CL' AND year >= 2008
        UNION ALL SELECT CASE year WHEN 2021 THEN '2021-06-21'::date ELSE cdp._june_solstice(year, 'America/Santiago') END, 'Indigenous Peoples' WHERE chosen = 'CL' AND year >= 2021
        -- Law 20.215 (since 2007) and 20.983 (since 2017): the 17th on a Monday or Friday, the 20th on a Friday; law 20.983: 2 January on a Monday.
        UNION ALL SELECT make_date(year, 9, 17), 'Bridge to Independence Day' WHERE chosen = 'CL' AND (date_part('isodow', make_date(year, 9, 17)) = 1 AND year >= 2007 OR date_part('isodow', make_date(year, 9, 17)) = 5 AND year >= 2017)
        UNION ALL SELECT make_date(year, 9, 20), 'Bridge after Army Day' WHERE chosen = 'CL' AND date_part('isodow', make_date(year, 9, 20)) = 5 AND year >= 2007
        UNION ALL SELECT make_date(year, 1, 2), 'Bridge after New Year' WHERE chosen = 'CL' AND date_part('isodow', make_date(year, 1, 2)) = 1 AND year >= 2017
        -- Argentina: movable.
        UNION ALL SELECT cdp._argentine_monday(make_date(year, 6, 17)), 'Güemes' WHERE chosen = 'AR' AND year >= 2016
        UNION ALL SELECT cdp._argentine_monday(make_date(year, 8, 17)), 'San Martín' WHERE chosen = 'AR'
        UNION ALL SELECT cdp._argentine_monday(make_date(year, 10, 12)), 'Cultural Diversity' WHERE chosen = 'AR'
        UNION ALL SELECT cdp._argentine_monday(make_date(year, 11, 20)), 'National Sovereignty' WHERE chosen = 'AR' AND year >= 2010
        -- Mexico: the change of the federal government every six years, on 1 October since 2024.
        UNION ALL SELECT CASE WHEN year >= 2024 THEN make_date(year, 10, 1) ELSE make_date(year, 12, 1) END, 'Change of government' WHERE chosen = 'MX' AND (year - 2000) % 6 = 0
        UNION ALL SELECT v.day, v.name FROM (VALUES ('2011-04-29'::date, 'Royal wedding'), ('2012-06-05', 'Diamond Jubilee'), ('2002-06-03', 'Golden Jubilee'), ('2022-06-03', 'Platinum Jubilee'), ('2022-09-19', 'State funeral'), ('2023-05-08', 'Coronation')) AS v(day, name)
        WHERE chosen = 'GB' AND date_part('year', v.day) = year),
    days AS (SELECT f.day, f.name FROM fixed f UNION ALL SELECT * FROM around_easter UNION ALL SELECT * FROM by_weekday UNION ALL SELECT * FROM special)
    SELECT d.day, d.name, false FROM days d
    UNION ALL
    -- United States, federal: on a Saturday the Friday before is off, on a Sunday the Monday after. The next New Year may fall into this year.
    SELECT f.day + CASE date_part('isodow', f.day) WHEN 6 THEN -1 ELSE 1 END, f.name, true
    FROM (SELECT x.day, x.name FROM fixed x UNION ALL SELECT make_date(year + 1, 1, 1), 'New Year''s Day') AS f
    WHERE chosen = 'US' AND date_part('isodow', f.day) IN (6, 7) AND date_part('year', f.day + CASE date_part('isodow', f.day) WHEN 6 THEN -1 ELSE 1 END) = year
    UNION ALL
    -- England and Wales: the next working day that is no holiday itself.
    SELECT f.day + CASE WHEN f.name = 'Christmas' THEN (ARRAY[0, 0, 0, 0, 0, 2, 2])[date_part('isodow', f.day)::int] WHEN f.name = 'Boxing Day' THEN 2 ELSE 8 - date_part('isodow', f.day)::int END, f.name, true
    FROM fixed f WHERE chosen = 'GB' AND date_part('isodow', f.day) IN (6, 7)
    ORDER BY 1, 2;
END
$$;
COMMENT ON FUNCTION cdp.holidays(text, int) IS
'The national public holidays of a country in a year from 2000 to 2100, computed: AR, BR, CL, DE (all states), ES (all regions), FR, GB (England and Wales, substitute days included), MX (federal labour law), US (federal). is_observed: a day off in place of one that falls on a weekend. Not: days of single states, regions and cities, and those decreed for one year (bridges of Argentina, elections). Errors: 22023. Example: SELECT * FROM cdp.holidays(''CL'', 2026);';

CREATE FUNCTION cdp.add_holidays(country text, year int) RETURNS int
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    added int;
BEGIN
    PERFORM cdp._require_store();
    INSERT INTO cdp_data.holiday AS t (country, day, name, is_observed) SELECT cdp.normalize_country($1), h.day, h.name, h.is_observed FROM cdp.holidays($1, $2) h
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS added = ROW_COUNT;
    RETURN added;
END
$$;
COMMENT ON FUNCTION cdp.add_holidays(text, int) IS 'Writes the holidays of cdp.holidays() into cdp_data.holiday, where others can be added by hand; returns how many were new. Example: SELECT cdp.add_holidays(''CL'', y) FROM generate_series(2024, 2027) y;';

CREATE FUNCTION cdp.is_holiday(country text, day date) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    chosen CONSTANT text := cdp.normalize_country(country);
BEGIN
    PERFORM cdp._require_store();
    IF country IS NULL OR day IS NULL THEN RETURN NULL; END IF;
    -- A year nobody added is not a year without holidays.
    IF NOT EXISTS (SELECT FROM cdp_data.holiday h WHERE h.country = chosen AND h.day BETWEEN date_trunc('year', $2)::date AND (date_trunc('year', $2) + interval '1 year')::date - 1) THEN
        RETURN EXISTS (SELECT FROM cdp.holidays(country, date_part('year', $2)::int) h WHERE h.day = $2);
    END IF;
    RETURN EXISTS (SELECT FROM cdp_data.holiday h WHERE h.country = chosen AND h.day = $2);
END
$$;
COMMENT ON FUNCTION cdp.is_holiday(text, date) IS 'Whether a day is a public holiday of a country: by cdp_data.holiday, or computed where nothing was added for its year. Errors: 22023 for a country or year that is in neither. Example: SELECT cdp.is_holiday(''CL'', ''2026-09-18'');';
