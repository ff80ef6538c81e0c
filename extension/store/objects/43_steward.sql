CREATE OR REPLACE VIEW cdp_data.match_review AS
WITH decided AS (
    -- A decision about any of their records settles the two people.
    SELECT DISTINCT least(x.profile_id, y.profile_id) AS profile_a, greatest(x.profile_id, y.profile_id) AS profile_b
    FROM cdp_data.match_decision k JOIN cdp_data.record x ON x.record_id = k.record_a JOIN cdp_data.record y ON y.record_id = k.record_b
    WHERE k.withdrawn_at IS NULL)
SELECT e.record_a, e.record_b, e.probability, e.weight AS bits,
       CASE e.reason WHEN 'guard' THEN 'similar enough, but their other records or their national ids contradict each other'
                     ELSE 'not sure enough' END AS why,
       a.profile_id AS profile_a, b.profile_id AS profile_b,
       s.name || ':' || a.source_key AS source_a, t.name || ':' || b.source_key AS source_b,
       concat_ws(' ', a.given_name, a.family_name) AS name_a, concat_ws(' ', b.given_name, b.family_name) AS name_b,
       a.birth_date AS birth_date_a, b.birth_date AS birth_date_b, a.email AS email_a, b.email AS email_b, a.phone AS phone_a, b.phone AS phone_b,
       concat_ws(', ', a.street, a.postal_code, a.city) AS address_a, concat_ws(', ', b.street, b.postal_code, b.city) AS address_b,
       a.national_id AS national_id_a, b.national_id AS national_id_b
FROM cdp_data.match_edge e
JOIN cdp_data.record a ON a.record_id = e.record_a JOIN cdp_data.source s ON s.source_id = a.source_id
JOIN cdp_data.record b ON b.record_id = e.record_b JOIN cdp_data.source t ON t.source_id = b.source_id
WHERE NOT e.is_merged AND a.profile_id <> b.profile_id
  AND NOT EXISTS (SELECT FROM decided d WHERE d.profile_a = least(a.profile_id, b.profile_id) AND d.profile_b = greatest(a.profile_id, b.profile_id));
COMMENT ON VIEW cdp_data.match_review IS 'One row per pair of records that waits for a steward: the last resolution was not sure, or a guard kept the two people apart, and nobody has decided yet. Decide with cdp.confirm_match() or cdp.reject_match(). Best first: ORDER BY probability DESC.';
COMMENT ON COLUMN cdp_data.match_review.probability IS 'That the two are one person, by the model';
COMMENT ON COLUMN cdp_data.match_review.bits IS 'Weight of the evidence: positive speaks for one person';
COMMENT ON COLUMN cdp_data.match_review.why IS 'Why the engine did not decide it';
