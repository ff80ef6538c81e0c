-- Identity resolution: the engine behind cdp.resolve(). Which records are the same person?

CREATE FUNCTION cdp._resolve_records(
    query text,
    threshold float8 DEFAULT 0.5,
    cannot_link_a bigint[] DEFAULT '{}',
    cannot_link_b bigint[] DEFAULT '{}',
    must_link_a bigint[] DEFAULT '{}',
    must_link_b bigint[] DEFAULT '{}',
    model_id int DEFAULT 0,
    identifier_kinds text[] DEFAULT '{}',
    identifier_limits bigint[] DEFAULT '{}',
    blocked_kinds text[] DEFAULT '{}',
    blocked_values text[] DEFAULT '{}',
    unused_rules bigint[] DEFAULT '{}',
    households boolean DEFAULT false,
    OUT row_kind text, OUT record_a bigint, OUT record_b bigint, OUT weight float8, OUT probability float8,
    OUT term_weight float8, OUT levels smallint[], OUT reason text, OUT comparison text, OUT level int,
    OUT label text, OUT m float8, OUT household float8, OUT u float8, OUT value text, OUT amount float8)
RETURNS SETOF record
LANGUAGE c VOLATILE STRICT COST 1000000 ROWS 100000
AS 'MODULE_PATHNAME', 'cdp_resolve_records';
COMMENT ON FUNCTION cdp._resolve_records(text, float8, bigint[], bigint[], bigint[], bigint[], int, text[], bigint[], text[], text[], bigint[], boolean) IS
'Internal. Resolves the records that the query returns (record_id bigint, order_key bigint, given_name text, family_name text, birth_date date, email_key text, phone_key text, street text, city text, postal_code text, national_id text, gender text, identifiers text[]; texts folded, NULL where unknown; order_key a hash of source and key that does not change). The answer depends on the records alone, not on their order. cannot_link_a[i] and cannot_link_b[i] are record ids that never become one person, must_link_a[i] and must_link_b[i] those that always do.
model_id: 0 trains a model, else the version of cdp_data.match_model to use. identifier_limits[i] is the number of records above which a value of the kind identifier_kinds[i] identifies nobody (others: 20). When a model is trained, blocked_values[i], of the kind blocked_kinds[i], identifies nobody, and the blocking rules unused_rules (from 1) are left out; a model that is there has its own. An identifier of the kind national_id, one with the right check digits, joins only records whose names do not contradict each other. households: look for people who live together, too.
row_kind says what a row is: cluster (record_a belongs to record_b, the first record of its person), edge (a pair inside a cluster: weight in bits, of which term_weight from the frequency of values, probability, levels by comparison, reason model, identifier or decision, level 1 when blocking brought the pair up), review (a pair of different clusters: reason model, or guard when it is over the threshold but was kept apart), weak (a pair inside a cluster below the threshold; of these three household is set where the two share a home: that they are of one household if they are two people), household (any other pair that shares a home and is of one household with at least 0.5, household, whichever clusters it is in), level (the trained model: m, household, u and weight of a level of a comparison), term (comparison, value and its share, amount; the empty value for all that have no row), shared (a value, comparison is its kind, that too many people or records have), split (record_a names a block that is split), rule (blocking rule number level, label: record_a blocks, record_b pairs that no rule before it brought up, NULL when it is off), stat (value is the name, amount the figure). Under a known model only what is new of shared and split. Errors: 42804 wrong columns, 22023 a record twice, links that contradict each other or a threshold outside (0, 1), 53200 over cdp.memory_limit.';

CREATE FUNCTION cdp._match_rows(query text, record_ids bigint[], model_id int,
    OUT record_id bigint, OUT order_key bigint, OUT given_name text, OUT family_name text, OUT birth_date date, OUT email_key text,
    OUT phone_key text, OUT street text, OUT city text, OUT postal_code text, OUT national_id text, OUT gender text,
    OUT identifiers text[], OUT keys bigint[])
RETURNS SETOF record
LANGUAGE c VOLATILE COST 1000000 ROWS 1000
AS 'MODULE_PATHNAME', 'cdp_match_rows';
COMMENT ON FUNCTION cdp._match_rows(text, bigint[], int) IS
'Internal. The rows of a query as cdp._resolve_records wants it, each with its keys under a model: hashes of the blocks a record is in (even) and of its e-mail, phone and national id (odd). record_ids is the value of $1 in a query over a few records, which is planned once per session; NULL where it has no $1. Errors: 22023 no such model, 42804 wrong columns.';

CREATE FUNCTION cdp._find_neighbours(record_ids bigint[], model_id int, threshold float8,
    OUT row_kind text, OUT record_a bigint, OUT record_b bigint, OUT weight float8, OUT probability float8,
    OUT term_weight float8, OUT levels smallint[], OUT reason text, OUT comparison text, OUT level int,
    OUT label text, OUT m float8, OUT household float8, OUT u float8, OUT value text, OUT amount float8)
RETURNS SETOF record
LANGUAGE c VOLATILE STRICT COST 1000000 ROWS 1000
-- How many records have a key in common is beyond the planner's statistics: few, and by the index.
SET enable_hashjoin = off SET enable_mergejoin = off SET enable_seqscan = off
AS 'MODULE_PATHNAME', 'cdp_find_neighbours';
COMMENT ON FUNCTION cdp._find_neighbours(bigint[], int, float8) IS
'Internal. Compares changed records, whose rows in cdp_data.match_record are up to date, with all that share a key with them. Rows: link and household (pairs as edge and household of cdp._resolve_records), or, when the changed records made blocks too large or values too common: split, shared, and stale (record_a is a key whose records need new keys and count as changed); then there are no links and the caller tries again. Errors: 22023 no such model, 53200 over cdp.memory_limit.';

CREATE FUNCTION cdp._resolve_links(record_ids bigint[], link_a bigint[], link_b bigint[], model_id int, threshold float8,
    cannot_link_a bigint[], cannot_link_b bigint[], must_link_a bigint[], must_link_b bigint[],
    OUT row_kind text, OUT record_a bigint, OUT record_b bigint, OUT weight float8, OUT probability float8,
    OUT term_weight float8, OUT levels smallint[], OUT reason text, OUT comparison text, OUT level int,
    OUT label text, OUT m float8, OUT household float8, OUT u float8, OUT value text, OUT amount float8)
RETURNS SETOF record
LANGUAGE c VOLATILE STRICT COST 1000000 ROWS 1000
AS 'MODULE_PATHNAME', 'cdp_resolve_links';
COMMENT ON FUNCTION cdp._resolve_links(bigint[], bigint[], bigint[], int, float8, bigint[], bigint[], bigint[], bigint[]) IS
'Internal. Clusters some rows of cdp_data.match_record by links (pairs; those to other records are passed over), identifiers and decisions; rows as of cdp._resolve_records. Equal to a full run when no link, identifier or decision leads out of the records. Errors: 22023 no such model or decisions that contradict each other, 53200 over cdp.memory_limit.';

CREATE FUNCTION cdp._compare_records(a text[], b text[]) RETURNS smallint[]
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 500
AS 'MODULE_PATHNAME', 'cdp_compare_records';
COMMENT ON FUNCTION cdp._compare_records(text[], text[]) IS
'Internal. How two records compare: the levels of given_name, family_name, birth_date, email, phone, address, national_id and gender, 0 where a side is missing, numbered as in the level rows of cdp._resolve_records. A record is ARRAY[given_name, family_name, birth_date (YYYY-MM-DD), email_key, phone_key, street, city, postal_code, national_id, gender], NULL where unknown. Values that many people share count here like any other. Errors: 22023 not ten fields or no date.';
