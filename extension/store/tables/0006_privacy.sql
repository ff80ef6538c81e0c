CREATE TABLE cdp_data.purpose (
    purpose text PRIMARY KEY CHECK (purpose = btrim(purpose) AND purpose <> ''),
    description text NOT NULL
);
COMMENT ON TABLE cdp_data.purpose IS 'One row per purpose that people may be contacted for.';
INSERT INTO cdp_data.purpose VALUES ('marketing', 'Offers and news about the company''s own products');

CREATE TABLE cdp_data.consent (
    consent_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    anchor_kind text NOT NULL CHECK (anchor_kind IN ('email', 'phone', 'record')),
    anchor_value text NOT NULL,
    channel text NOT NULL CHECK (channel IN ('email', 'sms', 'phone', 'post')),
    purpose text NOT NULL REFERENCES cdp_data.purpose,
    is_granted boolean NOT NULL,
    decided_at timestamptz NOT NULL,
    source_id int REFERENCES cdp_data.source,
    record_id bigint REFERENCES cdp_data.record ON DELETE SET NULL,
    evidence text,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    recorded_by text NOT NULL DEFAULT current_user
);
CREATE INDEX ON cdp_data.consent (anchor_kind, anchor_value);
CREATE INDEX ON cdp_data.consent (record_id) WHERE record_id IS NOT NULL;
COMMENT ON TABLE cdp_data.consent IS 'One row per decision of a person about being contacted: granted or refused, for a purpose and a channel, when, and how we know. Rows are never changed, only added.';
COMMENT ON COLUMN cdp_data.consent.anchor_kind IS 'What the decision hangs on: an e-mail address, a phone number, or a record where neither is known';
COMMENT ON COLUMN cdp_data.consent.record_id IS 'The record that a source delivered the decision with';
COMMENT ON COLUMN cdp_data.consent.anchor_value IS 'The address, the number, or the record_id';
