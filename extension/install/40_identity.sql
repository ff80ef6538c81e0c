-- Identity resolution: the engine behind cdp.resolve(). Which records are the same person?

CREATE FUNCTION cdp._resolve_records(
    query text,
    threshold float8 DEFAULT 0.5,
    cannot_link_a bigint[] DEFAULT '{}',
    cannot_link_b bigint[] DEFAULT '{}',
    must_link_a bigint[] DEFAULT '{}',
    must_link_b bigint[] DEFAULT '{}',
    OUT row_kind text, OUT record_a bigint, OUT record_b bigint, OUT weight float8, OUT probability float8,
    OUT term_weight float8, OUT levels smallint[], OUT reason text, OUT comparison text, OUT level int,
    OUT label text, OUT m float8, OUT household float8, OUT u float8, OUT value text, OUT amount float8)
RETURNS SETOF record
LANGUAGE c VOLATILE STRICT COST 1000000 ROWS 100000
AS 'MODULE_PATHNAME', 'cdp_resolve_records';
COMMENT ON FUNCTION cdp._resolve_records(text, float8, bigint[], bigint[], bigint[], bigint[]) IS
'Internal. Resolves the records that the query returns (record_id bigint, order_key bigint, given_name text, family_name text, birth_date date, email_key text, phone_key text, street text, city text, postal_code text, national_id text, gender text, identifiers text[]; texts folded, NULL where unknown; order_key a hash of source and key that does not change). The answer depends on the records alone, not on their order. cannot_link_a[i] and cannot_link_b[i] are record ids that never become one person, must_link_a[i] and must_link_b[i] those that always do.
row_kind says what a row is: cluster (record_a belongs to record_b, the first record of its person), edge (a pair inside a cluster: weight in bits, of which term_weight from the frequency of values, probability, levels by comparison, reason model, identifier or decision), review (a pair of different clusters: reason model, or guard when it is over the threshold but was kept apart), level (the trained model: m, household, u and weight of a level of a comparison), term (a common name and its share, amount), stat (value is the name, amount the figure). Errors: 42804 wrong columns, 22023 a record twice, links that contradict each other or a threshold outside (0, 1), 53200 over cdp.memory_limit.';

CREATE FUNCTION cdp._compare_records(a text[], b text[]) RETURNS smallint[]
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 500
AS 'MODULE_PATHNAME', 'cdp_compare_records';
COMMENT ON FUNCTION cdp._compare_records(text[], text[]) IS
'Internal. How two records compare: the levels of given_name, family_name, birth_date, email, phone, address, national_id and gender, 0 where a side is missing, numbered as in the level rows of cdp._resolve_records. A record is ARRAY[given_name, family_name, birth_date (YYYY-MM-DD), email_key, phone_key, street, city, postal_code, national_id, gender], NULL where unknown. Values that many people share count here like any other. Errors: 22023 not ten fields or no date.';
