-- What the demo prints once cdp.refresh() is done.
\set ON_ERROR_STOP on
\pset border 1
\pset footer off

\echo
\echo 'Records and the people they are:'
SELECT s.name AS source, s.kind, count(DISTINCT r.record_id) AS records, count(DISTINCT r.profile_id) AS people,
       (SELECT count(*) FROM cdp_data.event e WHERE e.source_id = s.source_id) AS events
FROM cdp_data.source s LEFT JOIN cdp_data.record r USING (source_id)
GROUP BY s.source_id, s.name, s.kind, s.priority
UNION ALL
SELECT 'together', '', count(*), count(DISTINCT r.profile_id), (SELECT count(*) FROM cdp_data.event) FROM cdp_data.record r
ORDER BY 3 DESC, 5 DESC;

\echo 'What was set aside, and why (cdp_data.reject keeps the originals):'
SELECT coalesce(s.name, j.relation) AS "from", coalesce(j.attribute, 'the whole row') AS what, regexp_replace(j.reason, 'line \d+', 'line …') AS reason, count(*),
       left(regexp_replace(min(coalesce(j.value, j.original)), '\s+', ' ', 'g'), 40) AS example
FROM cdp_data.reject j LEFT JOIN cdp_data.source s USING (source_id)
GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3 LIMIT 10;

\echo 'One person, found in several systems under different spellings:'
SELECT p.profile_id AS shown_id FROM (
    SELECT r.profile_id, count(*) AS records, count(DISTINCT r.source_id) AS sources, count(DISTINCT cdp.fold(r.given_name)) AS spellings
    FROM cdp_data.record r GROUP BY r.profile_id) p
WHERE p.records <= 8
  -- A clear case: nothing inside it is in doubt.
  AND NOT EXISTS (SELECT FROM cdp_data.match_edge e JOIN cdp_data.record r ON r.record_id IN (e.record_a, e.record_b)
                  WHERE r.profile_id = p.profile_id AND e.probability < 0.99)
ORDER BY p.sources DESC, p.spellings DESC, p.records DESC, p.profile_id LIMIT 1 \gset
SELECT source, given_name, family_name, birth_date, email, phone, street, city FROM cdp.profile_records(:shown_id);

\echo 'Why two of these records are one person (bits speak for, or against):'
SELECT e.record_a AS a, e.record_b AS b
FROM cdp_data.match_edge e JOIN cdp_data.record r ON r.record_id = e.record_a JOIN cdp_data.record q ON q.record_id = e.record_b
WHERE e.is_merged AND e.levels IS NOT NULL AND r.profile_id = :shown_id AND q.profile_id = :shown_id
ORDER BY (cdp.fold(r.given_name) IS DISTINCT FROM cdp.fold(q.given_name)) DESC, e.weight DESC LIMIT 1 \gset
SELECT comparison, value_a, value_b, level, bits FROM cdp.explain_match(:a, :b);

\echo 'Three more, merged on similarity alone, the least certain of those above 95 %:'
SELECT concat_ws(' ', r.given_name, r.family_name) AS one, concat_ws(' ', q.given_name, q.family_name) AS other, r.birth_date AS born, q.birth_date AS born_too,
       coalesce(r.email, '') AS email, coalesce(q.email, '') AS email_too, round(e.weight::numeric, 1) AS bits, round(e.probability::numeric, 3) AS probability
FROM cdp_data.match_edge e JOIN cdp_data.record r ON r.record_id = e.record_a JOIN cdp_data.record q ON q.record_id = e.record_b
WHERE e.is_merged AND e.reason = 'model' AND e.probability > 0.95 AND r.profile_id <> :shown_id
  AND NOT EXISTS (SELECT FROM cdp_data.record_identifier x JOIN cdp_data.record_identifier y USING (kind, value) WHERE x.record_id = e.record_a AND y.record_id = e.record_b)
ORDER BY e.probability, e.record_a, e.record_b LIMIT 3;

\echo 'Segments:'
SELECT name AS segment, member_count AS members, unknown_count AS unknown, description FROM cdp_data.segment ORDER BY segment_id;

\echo 'How "thursday evening" comes about, one condition at a time:'
SELECT definition FROM cdp_data.segment WHERE name = 'thursday evening' \gset
SELECT * FROM cdp.preview(:'definition');

\echo 'The campaign list: who of them gets the e-mail (first 10 of all who may be contacted):'
SELECT profile_id, address, given_name, family_name, city FROM cdp.audience('thursday evening', channel => 'email', purpose => 'marketing') LIMIT 10;

\echo 'One of them withdraws consent, and is gone from the list in the same transaction:'
SELECT address AS withdrawn FROM cdp.audience('thursday evening', channel => 'email') LIMIT 1 \gset
BEGIN;
SELECT count(*) AS before FROM cdp.audience('thursday evening', channel => 'email');
SELECT cdp.withdraw_consent(:'withdrawn', 'email', evidence => 'unsubscribe link');
SELECT count(*) AS after FROM cdp.audience('thursday evening', channel => 'email');
ROLLBACK;
