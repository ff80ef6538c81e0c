-- How right the resolution is, by the generator's own list of who is who: pairs of records of the CRM, the shop and
-- the web site's users. Loyalty cards and devices are left out: they say nothing of who owns them, and many belong to
-- people of whom no system knows the card.
--     psql -v dir=OUTPUT_OF_THE_GENERATOR -f …/evaluate.sql
\set ON_ERROR_STOP on
\setenv CDP_EXAMPLE_DIR :dir
CREATE TEMP TABLE truth (source text, source_key text, entity_id text);
\copy truth FROM PROGRAM 'cat "$CDP_EXAMPLE_DIR/truth.csv"' WITH (FORMAT csv, HEADER)
WITH known AS (
    SELECT r.profile_id, min(t.entity_id) AS entity_id
    FROM truth t
    JOIN cdp_data.source s ON s.name = CASE t.source WHEN 'web_user' THEN 'web' ELSE t.source END
    JOIN cdp_data.record r ON r.source_id = s.source_id
        AND r.source_key = CASE t.source WHEN 'web_user' THEN 'user:' ELSE '' END || t.source_key
    WHERE t.source IN ('crm', 'shop', 'web_user')
    GROUP BY r.record_id, r.profile_id HAVING count(DISTINCT t.entity_id) = 1),
pairs AS (
    SELECT (SELECT sum(n * (n - 1) / 2) FROM (SELECT count(*) AS n FROM known GROUP BY profile_id, entity_id) x) AS right_pairs,
           (SELECT sum(n * (n - 1) / 2) FROM (SELECT count(*) AS n FROM known GROUP BY profile_id) x) AS found_pairs,
           (SELECT sum(n * (n - 1) / 2) FROM (SELECT count(*) AS n FROM known GROUP BY entity_id) x) AS true_pairs)
SELECT (SELECT count(*) FROM known) AS records, true_pairs, round(right_pairs / found_pairs, 4) AS precision,
       round(right_pairs / true_pairs, 4) AS recall, round(2 * right_pairs / (found_pairs + true_pairs), 4) AS f1
FROM pairs;
