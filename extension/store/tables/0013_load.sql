-- What the command-line client has loaded, so that an interrupted load goes on and no file is loaded twice.
CREATE TABLE cdp_data.loaded_file (
    load_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    relation text NOT NULL,
    file_name text NOT NULL,
    head_hash text NOT NULL,
    content_hash text NOT NULL,
    bytes_read bigint NOT NULL CHECK (bytes_read >= 0),
    lines_read bigint NOT NULL CHECK (lines_read >= 0),
    rows_loaded bigint NOT NULL DEFAULT 0,
    rows_rejected bigint NOT NULL DEFAULT 0,
    is_complete boolean NOT NULL DEFAULT false,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    loaded_by text NOT NULL DEFAULT current_user
);
CREATE INDEX ON cdp_data.loaded_file (relation, head_hash);
COMMENT ON TABLE cdp_data.loaded_file IS 'One row per file that the program cdp has loaded, or begun to load, into a relation. A file is known by its content, wherever it lies and whatever its name. Delete a row to load its file again.';
COMMENT ON COLUMN cdp_data.loaded_file.relation IS 'Qualified name of the table that the rows went to';
COMMENT ON COLUMN cdp_data.loaded_file.file_name IS 'Its name when it was loaded; for people, it identifies nothing';
COMMENT ON COLUMN cdp_data.loaded_file.head_hash IS 'SHA-256 of the first 64 kB, or of less where the file is shorter, in hexadecimal';
COMMENT ON COLUMN cdp_data.loaded_file.content_hash IS 'SHA-256 of the first bytes_read bytes, in hexadecimal';
COMMENT ON COLUMN cdp_data.loaded_file.bytes_read IS 'How much of the file is in the relation, to the end of a row';
COMMENT ON COLUMN cdp_data.loaded_file.is_complete IS 'Whether the end of the file was reached';
