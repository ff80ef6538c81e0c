-- The store: the schemas cdp_data and cdp_bi, which cdp.install() creates and migrates. They belong to whoever ran it,
-- not to the extension: pg_dump keeps every row, index and policy, and DROP EXTENSION does not take the data with it.

CREATE FUNCTION cdp._library_version() RETURNS text
LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'cdp_library_version';
COMMENT ON FUNCTION cdp._library_version() IS 'Internal. The version of the loaded C++ library.';

CREATE FUNCTION cdp._icu_version() RETURNS text
LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'cdp_icu_version';
COMMENT ON FUNCTION cdp._icu_version() IS 'Internal. The version of ICU in use.';

CREATE FUNCTION cdp._unicode_version() RETURNS text
LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'cdp_unicode_version';
COMMENT ON FUNCTION cdp._unicode_version() IS 'Internal. The version of Unicode that names and addresses are folded by.';

CREATE FUNCTION cdp.version() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT extversion FROM pg_extension WHERE extname = 'cdp'
$$;
COMMENT ON FUNCTION cdp.version() IS 'The installed version of the extension, for example 0.1.0.';

CREATE FUNCTION cdp._store_version() RETURNS int
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    result int;
BEGIN
    IF to_regclass('cdp_data.store_version') IS NULL THEN RETURN 0; END IF;
    SELECT max(version) INTO result FROM cdp_data.store_version;
    RETURN coalesce(result, 0);
END
$$;
COMMENT ON FUNCTION cdp._store_version() IS 'Internal. The version of the store in this database; 0 when there is none.';

CREATE FUNCTION cdp._require_store() RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wanted CONSTANT int := cdp._newest_store_version();
    found CONSTANT int := cdp._store_version();
BEGIN
    IF found = wanted THEN RETURN; END IF;
    IF found = 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',
            MESSAGE = 'the store of cdp is not installed in this database',
            DETAIL = 'The schema cdp_data does not exist or holds no store.',
            HINT = 'Run: SELECT cdp.install();';
    ELSIF found < wanted THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',
            MESSAGE = format('the store has version %s, this extension needs version %s', found, wanted),
            DETAIL = 'The extension was updated after the store was installed.',
            HINT = 'Run: SELECT cdp.install();';
    END IF;
    RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',
        MESSAGE = format('the store has version %s, this extension knows versions up to %s', found, wanted),
        DETAIL = 'The store was installed by a newer extension.',
        HINT = 'Install the newer package, then run: ALTER EXTENSION cdp UPDATE;';
END
$$;
COMMENT ON FUNCTION cdp._require_store() IS 'Internal. Errors (55000) unless the store has the version this extension needs.';

CREATE FUNCTION cdp._advisory_key(what text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT hashtextextended('cdp.' || what, 20260101)
$$;
COMMENT ON FUNCTION cdp._advisory_key(text) IS 'Internal. The key of the advisory lock that guards one kind of work.';

CREATE FUNCTION cdp.install() RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
DECLARE
    before int;
    step record;
BEGIN
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('install'));
    IF cdp._library_version() <> cdp.version() THEN
        RAISE EXCEPTION USING ERRCODE = 'object_not_in_prerequisite_state',
            MESSAGE = format('the library has version %s, the extension in this database %s',
                             cdp._library_version(), cdp.version()),
            DETAIL = 'A newer package was installed after CREATE EXTENSION.',
            HINT = 'Run: ALTER EXTENSION cdp UPDATE;';
    END IF;
    before := cdp._store_version();
    IF before > cdp._newest_store_version() THEN
        PERFORM cdp._require_store();
    END IF;
    IF before = 0 THEN
        IF NOT has_database_privilege(current_database(), 'CREATE') THEN
            RAISE EXCEPTION USING ERRCODE = 'insufficient_privilege',
                MESSAGE = format('the role %I may not create schemas in the database %I', current_user,
                                 current_database()),
                DETAIL = 'cdp.install() creates the schemas cdp_data and cdp_bi, which belong to the role that runs it.',
                HINT = format('As the owner of the database run: GRANT CREATE ON DATABASE %I TO %I;',
                              current_database(), current_user);
        END IF;
        FOR step IN SELECT nspname FROM pg_namespace WHERE nspname IN ('cdp_data', 'cdp_bi') LOOP
            RAISE EXCEPTION USING ERRCODE = 'duplicate_schema',
                MESSAGE = format('there is a schema %I already, and it holds no store of cdp', step.nspname),
                DETAIL = 'cdp.install() does not mix its tables with others.',
                HINT = format('Rename it first: ALTER SCHEMA %I RENAME TO %I;', step.nspname, step.nspname || '_old');
        END LOOP;
    END IF;
    FOR step IN SELECT * FROM cdp._store_tables() WHERE version > before ORDER BY version LOOP
        EXECUTE step.ddl;
        INSERT INTO cdp_data.store_version (version, topic, extension_version)
        VALUES (step.version, step.topic, cdp.version());
    END LOOP;
    FOR step IN SELECT * FROM cdp._store_objects() ORDER BY version LOOP
        EXECUTE step.ddl;
    END LOOP;
    UPDATE cdp_data.setting SET value = cdp._icu_version() || ' / Unicode ' || cdp._unicode_version()
    WHERE name = 'normaliser' AND value = '';
    RETURN CASE
        WHEN before = 0 THEN format('store installed, version %s', cdp._store_version())
        WHEN before < cdp._store_version() THEN
            format('store migrated from version %s to %s', before, cdp._store_version())
        ELSE format('store is up to date, version %s', before)
    END;
END
$$;
COMMENT ON FUNCTION cdp.install() IS
'Creates the schemas cdp_data (tables) and cdp_bi (views for BI tools), or migrates them to this version of the extension. Idempotent. Needs CREATE on the database; what it creates belongs to the caller. Returns what was done. Example: SELECT cdp.install();';

CREATE FUNCTION cdp.uninstall(confirm text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
BEGIN
    IF confirm IS DISTINCT FROM 'cdp_data' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value',
            MESSAGE = 'cdp.uninstall() drops every customer record and was not confirmed',
            HINT = 'If that is what you want, run: SELECT cdp.uninstall(confirm => ''cdp_data'');';
    END IF;
    DROP SCHEMA IF EXISTS cdp_bi CASCADE;
    DROP SCHEMA IF EXISTS cdp_data CASCADE;
    RETURN 'store removed';
END
$$;
COMMENT ON FUNCTION cdp.uninstall(text) IS
'Drops the schemas cdp_data and cdp_bi with everything in them. Asks to be confirmed: SELECT cdp.uninstall(confirm => ''cdp_data'');';

-- Not in SQL, whose body is parsed again by every query that calls it.
CREATE FUNCTION cdp._setting(name text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RETURN (SELECT s.value FROM cdp_data.setting s WHERE s.name = _setting.name);
END
$$;
COMMENT ON FUNCTION cdp._setting(text) IS 'Internal. A row of cdp_data.setting.';

CREATE FUNCTION cdp._nearest(name text, candidates text[]) RETURNS text
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'cdp_nearest';
COMMENT ON FUNCTION cdp._nearest(text, text[]) IS 'Internal. The candidate that a misspelt name probably means, or NULL.';

CREATE FUNCTION cdp._in_transaction_block() RETURNS boolean
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'cdp_in_transaction_block';
COMMENT ON FUNCTION cdp._in_transaction_block() IS 'Internal. Whether the session is between BEGIN and COMMIT.';

CREATE FUNCTION cdp._did_you_mean(name text, candidates text[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce('Did you mean ' || quote_literal(cdp._nearest(name, candidates)) || '? ', '')
$$;
COMMENT ON FUNCTION cdp._did_you_mean(text, text[]) IS 'Internal. The beginning of a HINT, or an empty string.';

CREATE FUNCTION cdp.help(topic text DEFAULT NULL)
RETURNS TABLE (name text, arguments text, description text)
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT 'cdp.' || p.proname, pg_get_function_arguments(p.oid), obj_description(p.oid, 'pg_proc')
    FROM pg_proc p
    WHERE p.pronamespace = 'cdp'::regnamespace AND p.proname !~ '^_'
      AND (topic IS NULL OR strpos('cdp.' || p.proname, lower(topic)) > 0
           OR strpos(lower(obj_description(p.oid, 'pg_proc')), lower(topic)) > 0)
    ORDER BY p.proname COLLATE "C"
$$;
COMMENT ON FUNCTION cdp.help(text) IS
'One row per function: name, arguments, what it does. With a topic, only those that mention it. Example: SELECT * FROM cdp.help(''segment'');';
