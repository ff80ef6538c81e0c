-- Not on is_active: a rule whose column is gone can still be switched off.
CREATE OR REPLACE TRIGGER check_quality_rule BEFORE INSERT OR UPDATE OF source_id, rule, column_name, attribute, allowed_values, min_value, max_value, pattern,
    referenced_relation, referenced_column, max_age, max_deviation, condition, severity ON cdp_data.quality_rule
    FOR EACH ROW EXECUTE FUNCTION cdp._check_quality_rule();

CREATE OR REPLACE VIEW cdp_data.attribute_quality AS
SELECT s.name AS source, c.attribute, c.records, c.filled, coalesce(j.refused, 0) AS refused,
       round(c.filled::numeric / nullif(c.records, 0), 3) AS completeness,
       round(c.filled::numeric / nullif(c.filled + coalesce(j.refused, 0), 0), 3) AS validity,
       round(CASE WHEN c.different < c.filled THEN c.different::numeric / c.filled WHEN c.different > 0 THEN 1 END, 3) AS uniqueness,
       round(c.fresh::numeric / nullif(c.records, 0), 3) AS timeliness,
       cdp._mean_of(ARRAY[c.filled::numeric / nullif(c.records, 0), c.filled::numeric / nullif(c.filled + coalesce(j.refused, 0), 0),
                          CASE WHEN c.different < c.filled THEN c.different::numeric / c.filled WHEN c.different > 0 THEN 1 END, c.fresh::numeric / nullif(c.records, 0)]) AS score,
       s.source_id
FROM cdp._attribute_counts() c JOIN cdp_data.source s USING (source_id)
LEFT JOIN (SELECT r.source_id, r.attribute, count(*) AS refused FROM cdp_data.reject r
           WHERE r.resolved_at IS NULL AND r.attribute IS NOT NULL GROUP BY r.source_id, r.attribute) AS j ON j.source_id = c.source_id AND j.attribute = c.attribute;
COMMENT ON VIEW cdp_data.attribute_quality IS 'One row per source of people and attribute that it feeds: how good its values are, from 0 to 1. score is the mean of the parts that can be told; see docs/quality.md.';
COMMENT ON COLUMN cdp_data.attribute_quality.completeness IS 'Share of the records that have a value';
COMMENT ON COLUMN cdp_data.attribute_quality.validity IS 'Share of the values delivered that could be kept';
COMMENT ON COLUMN cdp_data.attribute_quality.uniqueness IS 'Of e-mail, phone, national id and identifiers: different values per record that has one';
COMMENT ON COLUMN cdp_data.attribute_quality.timeliness IS 'Share of the records that were updated in the last quality_fresh_days days';

CREATE OR REPLACE VIEW cdp_data.source_quality AS
SELECT s.name AS source, s.kind, a.records, coalesce(j.refused, 0) AS rows_refused,
       a.completeness, round(a.validity * coalesce(a.records::numeric / nullif(a.records + coalesce(j.refused, 0), 0), 1), 3) AS validity, a.uniqueness, a.timeliness,
       k.rules, k.broken, round(1 - k.broken::numeric / nullif(k.rules, 0), 3) AS rules_kept,
       cdp._mean_of(ARRAY[a.completeness, a.validity * coalesce(a.records::numeric / nullif(a.records + coalesce(j.refused, 0), 0), 1), a.uniqueness, a.timeliness,
                          1 - k.broken::numeric / nullif(k.rules, 0)]) AS score,
       k.checked_at, s.source_id
FROM cdp_data.source s
LEFT JOIN (SELECT q.source_id, max(q.records) AS records, round(avg(q.completeness), 3) AS completeness, round(avg(q.validity), 3) AS validity,
                  round(avg(q.uniqueness), 3) AS uniqueness, round(avg(q.timeliness), 3) AS timeliness FROM cdp_data.attribute_quality q GROUP BY q.source_id) AS a USING (source_id)
LEFT JOIN (SELECT r.source_id, count(*) AS refused FROM cdp_data.reject r WHERE r.resolved_at IS NULL AND r.attribute IS NULL GROUP BY r.source_id) AS j USING (source_id)
LEFT JOIN LATERAL (SELECT max(c.checked_at) AS checked_at, count(r.result_id) AS rules, count(r.result_id) FILTER (WHERE r.verdict <> 'ok') AS broken
                   FROM (SELECT * FROM cdp_data.quality_check h WHERE h.source_id = s.source_id ORDER BY h.check_id DESC LIMIT 1) AS c
                   LEFT JOIN cdp_data.quality_result r USING (check_id)) AS k ON true;
COMMENT ON VIEW cdp_data.source_quality IS 'One row per source: the means over its attributes, its rules at the last reading, and the score from 0 to 1, the mean of completeness, validity, uniqueness, timeliness and rules_kept as far as they can be told.';
COMMENT ON COLUMN cdp_data.source_quality.rules_kept IS 'Share of the rules that the last reading kept';
