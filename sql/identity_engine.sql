-- The engine behind cdp.resolve(): which records are the same person.
CREATE EXTENSION IF NOT EXISTS cdp;
SET extra_float_digits = 0;

CREATE TEMP TABLE people (record_id bigint, given_name text, family_name text, birth_date date, email_key text,
                          phone_key text, street text, city text, postal_code text, national_id text, gender text,
                          identifiers text[]);
INSERT INTO people VALUES
  -- one person, with a typing error, a short form and a move
  (1, 'katharina', 'featherstone', '1980-02-03', 'k.featherstone@example.com', NULL, '12 mill lane', 'york', 'yo1 7hh', NULL, 'f', NULL),
  (2, 'katharina', 'fetherstone', '1980-02-03', 'k.featherstone@example.com', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (3, 'katharina', 'featherstone', '1980-03-02', NULL, '+441904555001', '12 mill lane', 'york', 'yo1 7hh', NULL, 'f', NULL),
  -- a couple and their son, who has his father's name
  (4, 'george', 'ashworth', '1955-06-07', NULL, '+441904555002', '3 high street', 'leeds', 'ls1 4ap', NULL, 'm', NULL),
  (5, 'margaret', 'ashworth', '1957-01-30', NULL, '+441904555002', '3 high street', 'leeds', 'ls1 4ap', NULL, 'f', NULL),
  (6, 'george', 'ashworth', '1984-11-12', NULL, '+441904555002', '3 high street', 'leeds', 'ls1 4ap', NULL, 'm', NULL),
  -- nothing in common but a card
  (7, 'ian', 'mckay', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{loyalty_id:77}'),
  (8, NULL, NULL, NULL, 'shop@example.org', NULL, NULL, NULL, NULL, NULL, NULL, '{loyalty_id:77,loyalty_id:78}'),
  -- a card in common, but two national ids
  (9, 'olga', 'petrova', '1990-01-01', NULL, NULL, NULL, NULL, NULL, '123456789', NULL, '{loyalty_id:79}'),
  (10, 'ivan', 'petrov', '1991-05-05', NULL, NULL, NULL, NULL, NULL, '987654321', NULL, '{loyalty_id:79}'),
  -- nobody
  (11, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
  (12, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

SELECT array_agg(record_a ORDER BY record_a) AS records
FROM cdp._resolve_records('SELECT record_id, record_id * 7919 % 1000, given_name, family_name, birth_date, email_key,
    phone_key, street, city, postal_code, national_id, gender, identifiers FROM people')
WHERE row_kind = 'cluster' GROUP BY record_b ORDER BY 1;

-- Another order of arrival, the same answer.
WITH forth AS MATERIALIZED (
  SELECT * FROM cdp._resolve_records('SELECT record_id, record_id * 7919 % 1000, given_name, family_name, birth_date,
    email_key, phone_key, street, city, postal_code, national_id, gender, identifiers FROM people ORDER BY record_id')),
back AS MATERIALIZED (
  SELECT * FROM cdp._resolve_records('SELECT record_id, record_id * 7919 % 1000, given_name, family_name, birth_date,
    email_key, phone_key, street, city, postal_code, national_id, gender, identifiers FROM people
    ORDER BY record_id DESC'))
SELECT count(*) AS differences FROM (
  (TABLE forth EXCEPT TABLE back) UNION ALL (TABLE back EXCEPT TABLE forth)) d
WHERE NOT (row_kind = 'stat' AND (value LIKE 'seconds%' OR value = 'peak_bytes'));

-- Edges carry their evidence: levels by comparison, joined to the labels of the same run.
CREATE TEMP TABLE answer AS
SELECT * FROM cdp._resolve_records('SELECT record_id, record_id * 7919 % 1000, given_name, family_name, birth_date,
    email_key, phone_key, street, city, postal_code, national_id, gender, identifiers FROM people');
SELECT record_a, record_b, levels, reason, probability >= 0.5 AS likely, weight > 0 AS favourable
FROM answer WHERE row_kind = 'edge' ORDER BY 1, 2;
SELECT e.record_a, e.record_b, l.comparison, l.label
FROM answer e CROSS JOIN unnest(e.levels) WITH ORDINALITY AS v(level, n)
JOIN (SELECT comparison, level, label, dense_rank() OVER (ORDER BY array_position(ARRAY['given_name', 'family_name',
        'birth_date', 'email', 'phone', 'address', 'national_id', 'gender'], comparison)) AS n
      FROM answer WHERE row_kind = 'level') l ON l.n = v.n AND l.level = v.level
WHERE e.row_kind = 'edge' AND least(e.record_a, e.record_b) = 1 AND greatest(e.record_a, e.record_b) = 3 ORDER BY l.n;

-- Every comparison's levels are numbered from 0 (missing) and their probabilities sum to one.
SELECT comparison, count(*) AS levels, min(level) AS first, max(level) AS last,
       round(sum(m) FILTER (WHERE level > 0)::numeric, 6) AS m, round(sum(household) FILTER (WHERE level > 0)::numeric, 6) AS household,
       round(sum(u) FILTER (WHERE level > 0)::numeric, 6) AS u
FROM answer WHERE row_kind = 'level' GROUP BY comparison ORDER BY comparison COLLATE "C";
-- The weight of an edge is the sum of its levels' weights and its term weight (one gender says nothing where the given
-- names are equal).
SELECT bool_and(abs(e.weight - e.term_weight - s.bits) < 1e-9) AS adds_up
FROM answer e CROSS JOIN LATERAL (
  SELECT sum(l.weight) AS bits
  FROM unnest(e.levels, ARRAY['given_name', 'family_name', 'birth_date', 'email', 'phone', 'address', 'national_id',
                              'gender']) AS v(level, comparison)
  JOIN answer l ON l.row_kind = 'level' AND l.comparison = v.comparison AND l.level = v.level
  WHERE NOT (v.comparison = 'gender' AND v.level = 1 AND e.levels[1] = 1)) s
WHERE e.row_kind IN ('edge', 'review');
SELECT value, amount FROM answer
WHERE row_kind = 'stat' AND value IN ('records', 'clusters', 'largest_cluster', 'guard_national_id') ORDER BY value COLLATE "C";

-- A pair that must stay apart does.
SELECT array_agg(record_a ORDER BY record_a) AS records
FROM cdp._resolve_records('SELECT record_id, record_id * 7919 % 1000, given_name, family_name, birth_date, email_key,
    phone_key, street, city, postal_code, national_id, gender, identifiers FROM people WHERE record_id IN (1, 2)',
    cannot_link_a => '{2}', cannot_link_b => '{1}')
WHERE row_kind = 'cluster' GROUP BY record_b ORDER BY 1;

-- No records, one record.
SELECT row_kind, count(*) FROM cdp._resolve_records('SELECT 1::bigint, 1::bigint, ''a'', ''b'', current_date, NULL::text,
    NULL::text, NULL::text, NULL::text, NULL::text, NULL::text, NULL::text, NULL::text[] WHERE false')
WHERE row_kind IN ('cluster', 'level') GROUP BY row_kind;
SELECT row_kind, record_a, record_b FROM cdp._resolve_records('SELECT 1::bigint, 1::bigint, ''a''::varchar, ''b'',
    current_date, NULL::text, NULL::text, NULL::text, NULL::text, NULL::text, NULL::text, NULL::text, NULL::varchar[]')
WHERE row_kind = 'cluster';

-- One pair.
SELECT cdp._compare_records(
  ARRAY['george', 'ashworth', '1955-06-07', 'g@x.org', '+441904555002', '3 high street', 'leeds', 'ls1 4ap', NULL, 'm'],
  ARRAY['g', 'ashworth', '1955-07-06', 'g@x.org', '+441904555003', '3 high street', 'leeds', 'ls1 4ap', '1', 'f']);
SELECT cdp._compare_records(
  ARRAY['ashworth', 'george', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL],
  ARRAY['george', 'ashworth', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL]);

-- Errors say what is wrong and what to do.
SELECT count(*) FROM cdp._resolve_records('SELECT 1');
SELECT count(*) FROM cdp._resolve_records('SELECT record_id, record_id, given_name, family_name, birth_date::text,
    email_key, phone_key, street, city, postal_code, national_id, gender, identifiers FROM people');
SELECT count(*) FROM cdp._resolve_records('SELECT record_id, NULL::bigint, given_name, family_name, birth_date,
    email_key, phone_key, street, city, postal_code, national_id, gender, identifiers FROM people');
SELECT count(*) FROM cdp._resolve_records('SELECT 5::bigint, record_id, given_name, family_name, birth_date,
    email_key, phone_key, street, city, postal_code, national_id, gender, identifiers FROM people');
SELECT count(*) FROM cdp._resolve_records('DELETE FROM people');
SELECT count(*) FROM cdp._resolve_records('SELECT * FROM nowhere');
SELECT count(*) FROM cdp._resolve_records('SELECT record_id, 1/0::bigint, given_name, family_name, birth_date,
    email_key, phone_key, street, city, postal_code, national_id, gender, identifiers FROM people');
SELECT count(*) FROM cdp._resolve_records('SELECT 1', threshold => 1);
SELECT count(*) FROM cdp._resolve_records('SELECT 1', threshold => 'NaN');
SELECT count(*) FROM cdp._resolve_records('SELECT 1', cannot_link_a => '{1}');
SELECT count(*) FROM cdp._resolve_records('SELECT 1', cannot_link_a => '{NULL}', cannot_link_b => '{1}');
SELECT count(*) FROM cdp._resolve_records('SELECT 1', must_link_a => '{1}');
SELECT count(*) FROM cdp._resolve_records('SELECT 1', must_link_a => '{1}', must_link_b => '{NULL}');
-- Stated to be one person: two national ids do not count, and the others stay with whom they were. A contradiction is an error.
SELECT array_agg(record_a ORDER BY record_a) AS records
FROM cdp._resolve_records('SELECT record_id, record_id * 7919 % 1000, given_name, family_name, birth_date, email_key,
    phone_key, street, city, postal_code, national_id, gender, identifiers FROM people',
    must_link_a => '{9,2}', must_link_b => '{10,11}')
WHERE row_kind = 'cluster' GROUP BY record_b ORDER BY 1;
SELECT count(*) FROM cdp._resolve_records('SELECT record_id, record_id * 7919 % 1000, given_name, family_name, birth_date, email_key,
    phone_key, street, city, postal_code, national_id, gender, identifiers FROM people',
    cannot_link_a => '{11}', cannot_link_b => '{9}', must_link_a => '{9,10}', must_link_b => '{10,11}');
SELECT cdp._compare_records(ARRAY['a'], ARRAY['b']);
SELECT cdp._compare_records(array_fill(NULL::text, ARRAY[10]), ARRAY[NULL, NULL, '1980-02-30', NULL, NULL, NULL, NULL, NULL, NULL, NULL]);
SELECT count(*) FROM cdp._resolve_records('');
-- A caught error leaves nothing behind.
DO $$
BEGIN
  FOR i IN 1 .. 20 LOOP
    BEGIN
      PERFORM count(*) FROM cdp._resolve_records(format('SELECT record_id, 1/(record_id - %s), given_name, family_name,
        birth_date, email_key, phone_key, street, city, postal_code, national_id, gender, identifiers FROM people
        ORDER BY record_id', i));
    EXCEPTION WHEN division_by_zero THEN
      NULL;
    END;
  END LOOP;
END $$;
-- Threads change nothing.
CREATE TEMP TABLE one AS SELECT n.* FROM cdp._resolve_records('SELECT record_id, record_id, given_name, family_name, birth_date,
    email_key, phone_key, street, city, postal_code, national_id, gender, identifiers FROM people') n WHERE value IS NULL OR value !~ '^(seconds|peak)';
SET cdp.workers = 3;
CREATE TEMP TABLE three AS SELECT n.* FROM cdp._resolve_records('SELECT record_id, record_id, given_name, family_name, birth_date,
    email_key, phone_key, street, city, postal_code, national_id, gender, identifiers FROM people') n WHERE value IS NULL OR value !~ '^(seconds|peak)';
SELECT count(*) > 0 AS some, (SELECT count(*) FROM (TABLE one EXCEPT ALL TABLE three) d) AS lost, (SELECT count(*) FROM (TABLE three EXCEPT ALL TABLE one) d) AS new FROM one;
SET cdp.workers = 0;
RESET cdp.workers;
-- More than it may use: refused, and the session goes on.
SET cdp.memory_limit = '16MB';
SELECT count(*) FROM cdp._resolve_records('SELECT g::bigint, g::bigint, md5(g::text), md5((-g)::text), NULL::date, NULL::text,
    NULL::text, NULL::text, NULL::text, NULL::text, NULL::text, NULL::text, NULL::text[] FROM generate_series(1, 200000) g');
RESET cdp.memory_limit;
SELECT count(*) FROM people;
