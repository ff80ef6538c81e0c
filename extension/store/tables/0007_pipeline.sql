CREATE TABLE cdp_data.run (
    run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    as_of timestamptz NOT NULL,
    status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'ok', 'failed', 'interrupted')),
    backend_pid int NOT NULL DEFAULT pg_backend_pid(),
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz,
    started_by text NOT NULL DEFAULT current_user
);
COMMENT ON TABLE cdp_data.run IS 'One row per CALL cdp.refresh().';

CREATE TABLE cdp_data.run_step (
    run_id bigint NOT NULL REFERENCES cdp_data.run ON DELETE CASCADE,
    step_number int NOT NULL,
    step text NOT NULL,
    status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'ok', 'failed', 'interrupted')),
    rows_read bigint,
    rows_new bigint,
    rows_changed bigint,
    rows_rejected bigint,
    message text,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    finished_at timestamptz,
    PRIMARY KEY (run_id, step_number)
);
COMMENT ON TABLE cdp_data.run_step IS 'One row per step of a run, written as it goes: readable from other connections while the run works.';
COMMENT ON COLUMN cdp_data.run_step.message IS 'The error of a failed step, or a remark';
