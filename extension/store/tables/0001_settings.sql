CREATE SCHEMA cdp_data;
COMMENT ON SCHEMA cdp_data IS 'Customer Data Platform: the data. Created by cdp.install(); survives DROP EXTENSION.';
CREATE SCHEMA cdp_bi;
COMMENT ON SCHEMA cdp_bi IS 'Customer Data Platform: flat views for Power BI, Tableau, Excel and other readers.';

CREATE TABLE cdp_data.store_version (
    version int PRIMARY KEY,
    topic text NOT NULL,
    extension_version text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    applied_by text NOT NULL DEFAULT current_user
);
COMMENT ON TABLE cdp_data.store_version IS 'One row per migration that cdp.install() has applied; the highest is the version of the store.';

CREATE TABLE cdp_data.setting (
    name text PRIMARY KEY,
    value text NOT NULL,
    description text NOT NULL
);
COMMENT ON TABLE cdp_data.setting IS 'One row per setting of this installation. Change with UPDATE.';
INSERT INTO cdp_data.setting (name, value, description) VALUES
    ('time_zone', 'UTC', 'Time zone of days, weekdays and hours in segments and in cdp_bi, where a definition names none'),
    ('currency', 'USD', 'Currency of amounts that come without one (ISO 4217)'),
    ('country', '', 'Country of phone numbers and postal codes that come without one (ISO 3166 alpha-2), where the source names none'),
    ('match_threshold', '0.5', 'Records are merged when the probability that they are the same person is at least this'),
    ('normaliser', '', 'Versions of ICU and Unicode that the stored names and addresses were cleaned with');
