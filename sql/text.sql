-- The cleaners from SQL. The rules themselves are tested in test/unit/text.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS cdp;
SET client_encoding = 'UTF8';
SET timezone = 'UTC';
SET datestyle = 'ISO, DMY';

-- One canonical value per kind.
SELECT cdp.fold('Ñuñoa, Straße'), cdp.fold('Москва') AS cyrillic, cdp.normalize_text(E' a \t b ') AS text,
    cdp.normalize_name('MARÍA DEL CARMEN') AS name, cdp.normalize_email('Ana <ANA@Example.com>') AS email;
SELECT cdp.normalize_phone('(212) 555-0123', 'US') AS national, cdp.normalize_phone('+56 9 8765 4321') AS international,
    cdp.normalize_phone('(212) 555-0123') AS no_country, cdp.normalize_phone('9 8765 4321', country => 'Chile') AS named;
SELECT cdp.normalize_date('1/5/2021') AS dmy, cdp.normalize_date('1/5/2021', date_order => 'mdy') AS mdy,
    cdp.normalize_date('5 de mayo de 2021') AS spanish, cdp.normalize_date('31/2/2021') AS impossible;
SELECT cdp.normalize_timestamp('2021-05-01 10:00:00 -0400') AS shopify,
    cdp.normalize_timestamp('2021-05-01 10:00', time_zone => 'America/Santiago') AS local,
    cdp.normalize_timestamp('1619877600') AS seconds, cdp.normalize_timestamp('1619877600123') AS milliseconds,
    cdp.normalize_timestamp('soon') AS invalid;
SELECT cdp.normalize_boolean('sí') AS yes, cdp.normalize_boolean('N') AS no, cdp.normalize_boolean('perhaps') AS invalid;
SELECT cdp.normalize_number('$1.234,50') AS money, cdp.normalize_number('(12)') AS negative,
    cdp.normalize_number('1,234') AS comma, cdp.normalize_number('1.234') AS point,
    cdp.normalize_number('1e99') = 10::numeric ^ 99 AS large, cdp.normalize_number('12%') AS percentage;
SELECT cdp.normalize_gender('Mujer') AS gender, cdp.normalize_postal_code('2139', 'US') AS zip,
    cdp.normalize_postal_code('sw1a1aa', 'GB') AS postcode, cdp.normalize_country('Estados Unidos') AS country,
    cdp.normalize_identifier('''8780000000001') AS identifier;
SELECT cdp.email_key('A.Na+x@googlemail.com'), cdp.phone_key('+56987654321'), cdp.email_key('nobody') AS none;
SELECT * FROM cdp.split_name('Juan de la Cruz García');
SELECT * FROM cdp.split_name('Smith, Mary Ann');
SELECT * FROM cdp.split_name('n/a');

-- The verdicts.
SELECT v.input, c.* FROM (VALUES (1, 'ana@example.com'), (2, 'mailto:ana@example.com'), (3, 'ana@gmial.com'),
    (4, 'ana'), (5, 'test@test.com'), (6, ''), (7, NULL)) AS v(n, input), cdp.clean_email(v.input) AS c ORDER BY v.n;
SELECT v.kind, c.* FROM (VALUES
    (1, 'text', ' a  b '), (2, 'name', 'ANA'), (3, 'email', 'info@example.com'), (4, 'phone', '(212) 555-0123'),
    (5, 'date', '3/4/2021'), (6, 'timestamp', '3/4/2021 10:00'), (7, 'boolean', 'x'), (8, 'number', '1,234'),
    (9, 'gender', 'H'), (10, 'postal_code', '2139'), (11, 'country', 'Germny'), (12, 'identifier', '8.78E+12'))
    AS v(n, kind, input),
    cdp.clean_value(v.kind, v.input, country => 'US', date_order => 'mdy', time_zone => 'America/New_York') AS c
ORDER BY v.n;

-- Every clean_x(v).value is normalize_x(v), in text form.
SELECT v.input FROM unnest(ARRAY['12', '1,5', '2021-05-01', '+12125550123', 'yes', 'F', 'USA', 'ANA', 'a@b.com', '?']) AS v(input)
WHERE (cdp.clean_text(input)).value IS DISTINCT FROM cdp.normalize_text(input)
    OR (cdp.clean_name(input)).value IS DISTINCT FROM cdp.normalize_name(input)
    OR (cdp.clean_email(input)).value IS DISTINCT FROM cdp.normalize_email(input)
    OR (cdp.clean_phone(input)).value IS DISTINCT FROM cdp.normalize_phone(input)
    OR (cdp.clean_date(input)).value IS DISTINCT FROM cdp.normalize_date(input)::text
    OR (cdp.clean_timestamp(input, 'Asia/Tokyo')).value::timestamptz
        IS DISTINCT FROM cdp.normalize_timestamp(input, 'Asia/Tokyo')
    OR (cdp.clean_boolean(input)).value::boolean IS DISTINCT FROM cdp.normalize_boolean(input)
    OR (cdp.clean_number(input)).value IS DISTINCT FROM cdp.normalize_number(input)::text
    OR (cdp.clean_gender(input)).value IS DISTINCT FROM cdp.normalize_gender(input)
    OR (cdp.clean_postal_code(input)).value IS DISTINCT FROM cdp.normalize_postal_code(input)
    OR (cdp.clean_country(input)).value IS DISTINCT FROM cdp.normalize_country(input)
    OR (cdp.clean_identifier(input)).value IS DISTINCT FROM cdp.normalize_identifier(input);

-- Local time follows the server's rules: the hour that summer time skips, and both sides of it.
SELECT input, cdp.normalize_timestamp(input, 'Europe/Madrid') = input::timestamp AT TIME ZONE 'Europe/Madrid' AS same
FROM unnest(ARRAY['2021-03-28 01:59:59', '2021-03-28 02:30:00', '2021-03-28 03:00:00', '2021-10-31 02:30:00',
    '0001-01-02 00:00:00', '9999-12-30 23:59:59.999999']) AS v(input);

-- The result depends on no setting.
SET datestyle = 'SQL, MDY';
SET timezone = 'Asia/Tokyo';
SELECT (cdp.clean_timestamp('3/4/2021 10:00')).value, (cdp.clean_date('3/4/2021')).value,
    cdp.normalize_date('3/4/2021') = '2021-04-03'::date AS same_date,
    cdp.normalize_timestamp('2021-04-03 10:00') = '2021-04-03 10:00+00'::timestamptz AS same_time;
RESET datestyle;
SET timezone = 'UTC';

-- NULL: scalars answer NULL, the others one row.
CREATE FUNCTION pg_temp.null_sweep() RETURNS TABLE (function name, answer text) LANGUAGE plpgsql AS $$
DECLARE
    f record;
BEGIN
    FOR f IN
        SELECT p.proname, (SELECT string_agg('NULL', ', ') FROM unnest(p.proargtypes)) AS arguments
        FROM pg_proc AS p
        WHERE p.pronamespace = 'cdp'::regnamespace
            AND (p.proname ~ '^(normalize|clean)_' OR p.proname IN ('fold', 'email_key', 'phone_key', 'split_name'))
            AND p.proname <> 'clean_value'
        ORDER BY p.proname COLLATE "C"
    LOOP
        function := f.proname;
        EXECUTE format('SELECT x::text FROM cdp.%I(%s) AS x', f.proname, f.arguments) INTO answer;
        RETURN NEXT;
    END LOOP;
END $$;
SELECT function, coalesce(answer, 'NULL') AS answer FROM pg_temp.null_sweep();
SELECT * FROM cdp.clean_value('email', NULL, NULL, NULL, NULL);
SELECT * FROM cdp.clean_timestamp('2021-05-01 10:00', NULL);

-- Long and odd values.
SELECT (cdp.clean_text(repeat('ab ', 10000))).status, length(cdp.normalize_text(repeat('ab ', 10000)));
SELECT (cdp.clean_name(repeat('a', 20000))).reason AS name, (cdp.clean_email(repeat('a', 1000000))).reason AS email,
    (cdp.clean_phone(repeat('1', 200))).reason AS phone, (cdp.clean_number(repeat('9', 200))).reason AS number,
    (cdp.clean_identifier(repeat('x1', 300))).reason AS identifier, length(cdp.fold(repeat('Ñ', 20000))) AS fold;

-- Errors of the caller.
\set VERBOSITY terse
DO $$
DECLARE
    call text;
    state text;
    message text;
    detail text;
    hint text;
BEGIN
    FOREACH call IN ARRAY ARRAY[
        $q$cdp.clean_value('emial', 'x')$q$, $q$cdp.clean_value(NULL, 'x')$q$, $q$cdp.clean_value('date', 'x', date_order => 'myd')$q$,
        $q$cdp.normalize_date('x', 'myd')$q$, $q$cdp.normalize_timestamp('2021-05-01', 'Mars/Olympus')$q$]
    LOOP
        BEGIN
            EXECUTE 'SELECT ' || call;
            RAISE WARNING '% raised nothing', call;
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS state = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL,
                hint = PG_EXCEPTION_HINT;
            RAISE WARNING E'% % %\n  detail: %\n  hint: %', call, state, message, detail, hint;
        END;
    END LOOP;
END $$;

-- Promised to the planner: usable in indexes and in parallel.
SELECT count(*) > 0 AS some, bool_and(provolatile = 'i') AS immutable, bool_and(proparallel = 's') AS parallel_safe,
    bool_and(obj_description(oid, 'pg_proc') IS NOT NULL) AS commented
FROM pg_proc
WHERE pronamespace = 'cdp'::regnamespace
    AND (proname ~ '^(normalize|clean)_' OR proname IN ('fold', 'email_key', 'phone_key', 'split_name'));
