CREATE OR REPLACE VIEW cdp_data.lookup AS
SELECT e.name, e.relation, e.key_columns, e.inputs, e.per_record, e.valid_from, e.valid_to, e.gives, e.confidence, e.beats_sources, e.lasts, e.recheck_after, e.is_active, e.last_run_at, e.problem
FROM cdp_data.enrichment e WHERE e.kind = 'lookup';
COMMENT ON VIEW cdp_data.lookup IS 'One row per declared look-up (cdp.add_lookup).';
