-- What is added to what sources and people said. Knowledge hangs on the input it was found for (a plate, a postal code),
-- never on a person: people are merged and split, inputs are not.
CREATE TABLE cdp_data.enrichment (
    name text PRIMARY KEY CHECK (name ~ '^[a-z][a-z0-9_]{0,62}$'),
    kind text NOT NULL CHECK (kind IN ('lookup', 'expression', 'service')),
    position int NOT NULL,
    inputs text[] NOT NULL CHECK (cardinality(inputs) > 0),
    per_record boolean NOT NULL DEFAULT false,
    relation text,
    key_columns text[],
    valid_from text,
    valid_to text,
    expression text,
    gives jsonb NOT NULL CHECK (jsonb_typeof(gives) = 'object' AND gives <> '{}'),
    confidence numeric NOT NULL DEFAULT 1 CHECK (confidence > 0 AND confidence <= 1),
    beats_sources boolean NOT NULL DEFAULT false,
    lasts interval CHECK (lasts > interval '0'),
    recheck_after interval NOT NULL DEFAULT '1 day' CHECK (recheck_after >= interval '0'),
    cost_per_request numeric CHECK (cost_per_request >= 0),
    daily_budget numeric CHECK (daily_budget >= 0),
    max_attempts int NOT NULL DEFAULT 5 CHECK (max_attempts > 0),
    lease interval NOT NULL DEFAULT '10 minutes' CHECK (lease > interval '0'),
    is_active boolean NOT NULL DEFAULT true,
    last_run_at timestamptz,
    problem text,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL DEFAULT current_user
);
COMMENT ON TABLE cdp_data.enrichment IS 'One row per way to find out more: a look-up in a relation, an SQL expression, or an external service. Add with cdp.add_lookup(), cdp.add_enrichment() and cdp.add_enrichment_service().';
COMMENT ON COLUMN cdp_data.enrichment.position IS 'Order: what one gives may be the input of a later one';
COMMENT ON COLUMN cdp_data.enrichment.inputs IS 'Attributes that it starts from; without all of them nothing is looked up';
COMMENT ON COLUMN cdp_data.enrichment.per_record IS 'Whether it starts from the values of every record of the person, or from the golden record';
COMMENT ON COLUMN cdp_data.enrichment.gives IS 'Column, field or key of the answer and the attribute that it becomes';
COMMENT ON COLUMN cdp_data.enrichment.beats_sources IS 'Whether its values win over those of sources in the golden record';
COMMENT ON COLUMN cdp_data.enrichment.lasts IS 'How long a value holds; NULL: until the next look';
COMMENT ON COLUMN cdp_data.enrichment.recheck_after IS 'How long cdp.enrich() leaves people alone who have not changed';
COMMENT ON COLUMN cdp_data.enrichment.problem IS 'Why its last run failed; what it found before is kept';
COMMENT ON COLUMN cdp_data.enrichment.daily_budget IS 'service: no more is asked on a day (time zone of the installation) than this costs; in the currency of the installation';

CREATE TABLE cdp_data.enrichment_request (
    request_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    enrichment text NOT NULL REFERENCES cdp_data.enrichment ON DELETE CASCADE,
    input_hash uuid NOT NULL,
    input jsonb NOT NULL,
    status text NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'taken', 'done', 'failed')),
    attempts int NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    taken_by text,
    taken_at timestamptz,
    lease_expires_at timestamptz,
    cost numeric NOT NULL DEFAULT 0,
    problem text,
    asked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz
);
-- One open request per question.
CREATE UNIQUE INDEX enrichment_request_open ON cdp_data.enrichment_request (enrichment, input_hash) WHERE status IN ('queued', 'taken');
CREATE INDEX enrichment_request_next ON cdp_data.enrichment_request (enrichment, next_attempt_at) WHERE status IN ('queued', 'taken');
CREATE INDEX ON cdp_data.enrichment_request (enrichment, input_hash, request_id);
CREATE INDEX ON cdp_data.enrichment_request (enrichment, taken_at);
COMMENT ON TABLE cdp_data.enrichment_request IS 'One row per question to an external service: a queue for workers, which take, answer or fail them (cdp.take_enrichment_requests and so on).';
COMMENT ON COLUMN cdp_data.enrichment_request.input_hash IS 'Of the input: one question, however many people it concerns';
COMMENT ON COLUMN cdp_data.enrichment_request.cost IS 'What all attempts cost so far; of one that is taken, what is expected included';

CREATE TABLE cdp_data.enrichment_answer (
    enrichment text NOT NULL REFERENCES cdp_data.enrichment ON DELETE CASCADE,
    input_hash uuid NOT NULL,
    answer jsonb NOT NULL,
    confidence numeric NOT NULL CHECK (confidence > 0 AND confidence <= 1),
    cost numeric NOT NULL DEFAULT 0,
    request_id bigint NOT NULL,
    obtained_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    expires_at timestamptz,
    PRIMARY KEY (enrichment, input_hash)
);
CREATE INDEX ON cdp_data.enrichment_answer (enrichment, obtained_at);
COMMENT ON TABLE cdp_data.enrichment_answer IS 'One row per question that an external service answered: what it knows, whoever has the input. An empty answer is one, too: it is not asked again until it expires.';

CREATE TABLE cdp_data.enriched_value (
    profile_id bigint NOT NULL REFERENCES cdp_data.profile ON DELETE CASCADE,
    attribute text NOT NULL,
    enrichment text NOT NULL REFERENCES cdp_data.enrichment ON DELETE CASCADE,
    input_hash uuid NOT NULL,
    input jsonb NOT NULL,
    value jsonb NOT NULL,
    provenance text NOT NULL,
    confidence numeric NOT NULL,
    cost numeric NOT NULL DEFAULT 0,
    obtained_at timestamptz NOT NULL,
    expires_at timestamptz,
    is_used boolean NOT NULL DEFAULT false,
    source_value jsonb,
    PRIMARY KEY (profile_id, attribute, enrichment, input_hash)
);
CREATE INDEX ON cdp_data.enriched_value (enrichment, expires_at);
CREATE INDEX ON cdp_data.enriched_value (attribute);
COMMENT ON TABLE cdp_data.enriched_value IS 'One row per person, attribute and input that something more was found for, those that lost included. Derived: made anew whenever the person is built, so that it follows merges and splits.';
COMMENT ON COLUMN cdp_data.enriched_value.provenance IS 'The relation, function or service that it comes from';
COMMENT ON COLUMN cdp_data.enriched_value.is_used IS 'Whether it is the value in the profile';
COMMENT ON COLUMN cdp_data.enriched_value.source_value IS 'What a source or the person said, which an enrichment that beats sources replaced, or which it lost to';

CREATE TABLE cdp_data.gazetteer (
    place_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    gazetteer text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('postal_code', 'city', 'region')),
    name text NOT NULL,
    name_key text NOT NULL,
    region text,
    region_key text,
    country text,
    latitude double precision NOT NULL CHECK (latitude BETWEEN -90 AND 90),
    longitude double precision NOT NULL CHECK (longitude BETWEEN -180 AND 180),
    population bigint
);
CREATE INDEX ON cdp_data.gazetteer (name_key, kind, country);
COMMENT ON TABLE cdp_data.gazetteer IS 'One row per place with coordinates that was loaded with cdp.add_gazetteer(): postal codes, cities and communes, regions.';
COMMENT ON COLUMN cdp_data.gazetteer.name_key IS 'The name folded, a postal code without blanks: what addresses are compared with';

CREATE TABLE cdp_data.store (
    store_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    chain text NOT NULL,
    name text NOT NULL,
    latitude double precision NOT NULL CHECK (latitude BETWEEN -90 AND 90),
    longitude double precision NOT NULL CHECK (longitude BETWEEN -180 AND 180),
    UNIQUE (chain, name)
);
CREATE INDEX ON cdp_data.store (chain, latitude);
COMMENT ON TABLE cdp_data.store IS 'One row per store, branch or point of sale with coordinates, loaded with cdp.add_stores().';

CREATE TABLE cdp_data.holiday (
    country text NOT NULL,
    day date NOT NULL,
    name text NOT NULL,
    is_observed boolean NOT NULL DEFAULT false,
    PRIMARY KEY (country, day, name)
);
COMMENT ON TABLE cdp_data.holiday IS 'One row per public holiday of a country, computed by cdp.add_holidays(); add those of a region or a company with INSERT.';
COMMENT ON COLUMN cdp_data.holiday.is_observed IS 'A day off in place of a holiday that falls on another day';
