\echo Use "CREATE EXTENSION cdp" to load this file. \quit

DO $$
BEGIN
    IF pg_catalog.getdatabaseencoding() <> 'UTF8' THEN
        RAISE EXCEPTION USING
            ERRCODE = 'feature_not_supported',
            MESSAGE = 'cdp needs a database whose encoding is UTF8',
            DETAIL = pg_catalog.format('The database %I is encoded in %s, which cannot hold every name and address.',
                                       pg_catalog.current_database(), pg_catalog.getdatabaseencoding()),
            HINT = 'Create one and connect to it: CREATE DATABASE customers ENCODING ''UTF8'' TEMPLATE template0;';
    END IF;
END
$$;

-- Created here, not by the control file: CREATE SCHEMA fails if somebody made the schema before.
CREATE SCHEMA cdp;
GRANT USAGE ON SCHEMA cdp TO PUBLIC;
COMMENT ON SCHEMA cdp IS 'Customer Data Platform: the functions. Start with SELECT cdp.install(); and SELECT * FROM cdp.help();';
