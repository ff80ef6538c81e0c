CREATE TABLE cdp_data.attribute (
    attribute text PRIMARY KEY CHECK (attribute ~ '^[a-z][a-z0-9_]{0,62}$'),
    data_kind text NOT NULL DEFAULT 'details' CHECK (data_kind IN ('identity', 'details', 'behaviour', 'qualitative')),
    semantic_type text NOT NULL CHECK (semantic_type IN ('text', 'name', 'full_name', 'email', 'phone', 'date', 'birth_date',
        'timestamp', 'boolean', 'number', 'money', 'currency', 'gender', 'address', 'postal_code', 'country', 'organization', 'identifier',
        'national_id', 'iban', 'payment_card', 'product_code', 'license_plate')),
    value_type text NOT NULL CHECK (value_type IN ('text', 'number', 'boolean', 'date', 'timestamp')),
    place text NOT NULL CHECK (place IN ('column', 'details', 'identifier', 'consent', 'input')),
    identifies text CHECK (identifies IN ('person', 'device')),
    is_personal boolean NOT NULL DEFAULT false,
    description text NOT NULL,
    CHECK ((place = 'identifier') = (identifies IS NOT NULL))
);
COMMENT ON TABLE cdp_data.attribute IS 'One row per attribute that a source can be mapped to and a segment can ask for. Add your own with cdp.add_attribute().';
COMMENT ON COLUMN cdp_data.attribute.data_kind IS 'identity, details, behaviour or qualitative';
COMMENT ON COLUMN cdp_data.attribute.semantic_type IS 'What it means, which decides how it is cleaned';
COMMENT ON COLUMN cdp_data.attribute.place IS 'Where it is kept: a column of record and profile, the details of both, an identifier, a consent, or only read while ingesting';
COMMENT ON COLUMN cdp_data.attribute.identifies IS 'For identifiers: what two records that share the value have in common, the person or only the device';
COMMENT ON COLUMN cdp_data.attribute.is_personal IS 'Whether it can identify a person by itself; kept out of the general BI views';

INSERT INTO cdp_data.attribute (attribute, data_kind, semantic_type, value_type, place, identifies, is_personal, description) VALUES
    ('given_name', 'identity', 'name', 'text', 'column', NULL, true, 'First or given name'),
    ('family_name', 'identity', 'name', 'text', 'column', NULL, true, 'Last or family name'),
    ('full_name', 'identity', 'full_name', 'text', 'input', NULL, true, 'Whole name in one column; split into given and family name'),
    ('birth_date', 'identity', 'birth_date', 'date', 'column', NULL, true, 'Date of birth'),
    ('gender', 'details', 'gender', 'text', 'column', NULL, false, 'female, male or other'),
    ('email', 'identity', 'email', 'text', 'column', NULL, true, 'E-mail address'),
    ('phone', 'identity', 'phone', 'text', 'column', NULL, true, 'Phone number, kept as E.164'),
    ('street', 'identity', 'address', 'text', 'column', NULL, true, 'Street and number'),
    ('city', 'details', 'text', 'text', 'column', NULL, false, 'City or commune'),
    ('region', 'details', 'text', 'text', 'column', NULL, false, 'State, province or region'),
    ('postal_code', 'details', 'postal_code', 'text', 'column', NULL, false, 'Postal code'),
    ('country', 'details', 'country', 'text', 'column', NULL, false, 'Country (ISO 3166 alpha-2)'),
    ('national_id', 'identity', 'national_id', 'text', 'column', NULL, true, 'National or tax identification number'),
    ('company', 'details', 'organization', 'text', 'column', NULL, false, 'Employer or company'),
    ('loyalty_id', 'identity', 'identifier', 'text', 'identifier', 'person', true, 'Number of a loyalty card'),
    ('user_id', 'identity', 'identifier', 'text', 'identifier', 'person', true, 'Login or customer number of a web site or app'),
    ('device_id', 'identity', 'identifier', 'text', 'identifier', 'device', true, 'Browser, cookie or device'),
    ('consent_email', 'details', 'boolean', 'boolean', 'consent', NULL, false, 'May be e-mailed for marketing'),
    ('consent_sms', 'details', 'boolean', 'boolean', 'consent', NULL, false, 'May get marketing by text message'),
    ('consent_phone', 'details', 'boolean', 'boolean', 'consent', NULL, false, 'May be called for marketing'),
    ('consent_post', 'details', 'boolean', 'boolean', 'consent', NULL, false, 'May get marketing by post'),
    ('refuses_email', 'details', 'boolean', 'boolean', 'consent', NULL, false, 'Opted out of e-mail (false is no consent, only no refusal)'),
    ('refuses_sms', 'details', 'boolean', 'boolean', 'consent', NULL, false, 'Opted out of text messages (false is no consent, only no refusal)'),
    ('refuses_phone', 'details', 'boolean', 'boolean', 'consent', NULL, false, 'Opted out of calls (false is no consent, only no refusal)'),
    ('updated_at', 'details', 'timestamp', 'timestamp', 'input', NULL, false, 'When the source last changed the row');

CREATE TABLE cdp_data.source (
    source_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name ~ '^[a-z][a-z0-9_]{0,62}$'),
    kind text NOT NULL CHECK (kind IN ('people', 'events', 'messages')),
    relation text NOT NULL,
    key_column text NOT NULL,
    person_source_id int REFERENCES cdp_data.source,
    event_kind text,
    country text,
    date_order text NOT NULL DEFAULT 'dmy' CHECK (date_order IN ('dmy', 'mdy', 'ymd')),
    time_zone text NOT NULL,
    priority int NOT NULL DEFAULT 100,
    is_active boolean NOT NULL DEFAULT true,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL DEFAULT current_user,
    ingested_at timestamptz
);
COMMENT ON TABLE cdp_data.source IS 'One row per source: a table, view or foreign table that cdp.refresh() reads. Add with cdp.add_source().';
COMMENT ON COLUMN cdp_data.source.kind IS 'people (one row per customer record), events (one row per thing that happened) or messages (one Segment-spec JSON message per row)';
COMMENT ON COLUMN cdp_data.source.relation IS 'Qualified name of the relation; it is looked up each time, so it may be dropped and made again';
COMMENT ON COLUMN cdp_data.source.key_column IS 'Column that identifies a row of the source; * means that the content of the row is its key (events only)';
COMMENT ON COLUMN cdp_data.source.person_source_id IS 'For events: the people source whose keys person_key holds';
COMMENT ON COLUMN cdp_data.source.priority IS 'Whose value wins in the golden record: the lowest number';

CREATE TABLE cdp_data.mapping (
    source_id int NOT NULL REFERENCES cdp_data.source ON DELETE CASCADE,
    position int NOT NULL,
    column_name text NOT NULL,
    target text NOT NULL,
    PRIMARY KEY (source_id, position),
    UNIQUE (source_id, column_name, target)
);
COMMENT ON TABLE cdp_data.mapping IS 'One row per column of a source that is used, and what it feeds: an attribute, or for events person_key, occurred_at, event_kind, amount, currency or the name of a property.';

CREATE TABLE cdp_data.record (
    record_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    source_id int NOT NULL REFERENCES cdp_data.source,
    source_key text NOT NULL,
    profile_id bigint,
    given_name text,
    family_name text,
    birth_date date,
    gender text,
    email text,
    phone text,
    street text,
    city text,
    region text,
    postal_code text,
    country text,
    national_id text,
    company text,
    details jsonb NOT NULL DEFAULT '{}',
    content_hash uuid,
    source_updated_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (source_id, source_key)
);
CREATE INDEX ON cdp_data.record (profile_id);
CREATE INDEX ON cdp_data.record (email) WHERE email IS NOT NULL;
CREATE INDEX ON cdp_data.record (phone) WHERE phone IS NOT NULL;
COMMENT ON TABLE cdp_data.record IS 'One row per customer record of a source, cleaned. A value that could not be cleaned is NULL here and explained in cdp_data.reject.';
COMMENT ON COLUMN cdp_data.record.profile_id IS 'The person it belongs to; set by cdp.resolve()';
COMMENT ON COLUMN cdp_data.record.content_hash IS 'Hash of the mapped columns as they were read; NULL for a record known only through its events';
COMMENT ON COLUMN cdp_data.record.source_updated_at IS 'When the source last changed the row, where it says so';

CREATE TABLE cdp_data.record_identifier (
    record_id bigint NOT NULL REFERENCES cdp_data.record ON DELETE CASCADE,
    kind text NOT NULL REFERENCES cdp_data.attribute,
    value text NOT NULL,
    PRIMARY KEY (record_id, kind, value)
);
CREATE INDEX ON cdp_data.record_identifier (kind, value);
COMMENT ON TABLE cdp_data.record_identifier IS 'One row per identifier (loyalty card, login, device …) that a record carries.';

CREATE TABLE cdp_data.reject (
    reject_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    reject_hash uuid NOT NULL UNIQUE,
    source_id int REFERENCES cdp_data.source ON DELETE CASCADE,
    relation text NOT NULL,
    source_key text,
    line_number bigint,
    attribute text,
    value text,
    reason text NOT NULL,
    suggestion text,
    original text,
    first_seen_at timestamptz NOT NULL DEFAULT now(),
    last_seen_at timestamptz NOT NULL DEFAULT now(),
    resolved_at timestamptz
);
CREATE INDEX ON cdp_data.reject (source_id, source_key);
COMMENT ON TABLE cdp_data.reject IS 'One row per value (attribute set) or whole row (attribute NULL) that was refused, with the reason and the original. Nothing is dropped without a row here.';
COMMENT ON COLUMN cdp_data.reject.reject_hash IS 'Identifies the refusal, so that reading the same faulty row again does not add another';
COMMENT ON COLUMN cdp_data.reject.original IS 'The whole row or line as it was read, for rows that were refused as a whole';
COMMENT ON COLUMN cdp_data.reject.resolved_at IS 'When the source stopped delivering the fault';

CREATE TABLE cdp_data.event_kind (
    kind_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE CHECK (name <> ''),
    description text,
    first_seen_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE cdp_data.event_kind IS 'One row per kind of event, such as purchase; kinds declare themselves when first seen.';

CREATE TABLE cdp_data.event_property (
    kind_id int NOT NULL REFERENCES cdp_data.event_kind ON DELETE CASCADE,
    property text NOT NULL,
    value_type text NOT NULL CHECK (value_type IN ('text', 'number', 'boolean')),
    first_seen_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kind_id, property)
);
COMMENT ON TABLE cdp_data.event_property IS 'One row per property that events of a kind carry, with its type; a property seen with several types becomes text.';

CREATE TABLE cdp_data.event (
    event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    record_id bigint NOT NULL REFERENCES cdp_data.record,
    kind_id int NOT NULL REFERENCES cdp_data.event_kind,
    occurred_at timestamptz NOT NULL,
    amount numeric(18, 4),
    currency text,
    properties jsonb NOT NULL DEFAULT '{}',
    source_id int NOT NULL REFERENCES cdp_data.source,
    event_key text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (source_id, event_key)
);
CREATE INDEX ON cdp_data.event (record_id, occurred_at);
CREATE INDEX ON cdp_data.event (kind_id, occurred_at);
COMMENT ON TABLE cdp_data.event IS 'One row per thing that happened: purchase, visit, click, call. It hangs on a record, never on a profile, so that merges and un-merges need not touch it.';
COMMENT ON COLUMN cdp_data.event.event_key IS 'Identifies the event in its source: delivered again, it counts once';

CREATE TABLE cdp_data.coverage (
    source_id int NOT NULL REFERENCES cdp_data.source ON DELETE CASCADE,
    kind_id int NOT NULL REFERENCES cdp_data.event_kind ON DELETE CASCADE,
    loaded_from timestamptz NOT NULL,
    fresh_through timestamptz NOT NULL,
    PRIMARY KEY (source_id, kind_id)
);
COMMENT ON TABLE cdp_data.coverage IS 'One row per source and kind of event: the span of time that is loaded. "Did not" is only known inside it.';
