CREATE TABLE cdp_data.junk_value (
    semantic_type text NOT NULL DEFAULT 'any',
    value text NOT NULL CHECK (btrim(value) <> ''),
    reason text,
    created_at timestamptz NOT NULL DEFAULT now(),
    created_by text NOT NULL DEFAULT current_user,
    PRIMARY KEY (semantic_type, value)
);
COMMENT ON TABLE cdp_data.junk_value IS 'One row per value that stands for nothing in this company''s data (the switchboard, the shop''s own address, "VENTA WEB"), besides those that cdp.junk_reason() knows. Ingestion reads it as missing. Add with cdp.add_junk_value() or INSERT.';
COMMENT ON COLUMN cdp_data.junk_value.semantic_type IS 'Where it stands for nothing: a semantic type such as phone, or any';
COMMENT ON COLUMN cdp_data.junk_value.value IS 'The value in any spelling; for e-mail also a whole domain as @example.com';
