-- What the columns of a source look like, kept at each reading that brought something new, and what changed significantly.

CREATE FUNCTION cdp._measure_columns(source_id int, rows_from text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning
SET synchronize_seqscans = off SET max_parallel_workers_per_gather = 0
SET datestyle = 'ISO, YMD' SET intervalstyle = 'iso_8601' SET extra_float_digits = 1 SET timezone = 'UTC' AS $$
#variable_conflict use_column
DECLARE
    source record;
    wanted CONSTANT bigint := coalesce(cdp._setting('quality_sample_rows')::bigint, 0);
    instant CONSTANT timestamptz := clock_timestamp();
    columns text[];
    field record;
    measured bigint;
BEGIN
    IF wanted <= 0 THEN RETURN 0; END IF;
    SELECT * INTO source FROM cdp_data.source s WHERE s.source_id = _measure_columns.source_id;
    SELECT array_agg(c.column_name ORDER BY c.n) INTO columns
    FROM (SELECT r.column_name, row_number() OVER () AS n FROM cdp._relation_columns(source.relation) r) AS c
    WHERE EXISTS (SELECT FROM cdp_data.mapping m WHERE m.source_id = source.source_id AND m.column_name = c.column_name);
    IF columns IS NULL OR source.kind = 'messages' THEN RETURN 0; END IF;
    DROP TABLE IF EXISTS pg_temp.cdp_column_sample;
    EXECUTE format('CREATE TEMP TABLE cdp_column_sample ON COMMIT DROP AS SELECT %s FROM %s AS s%s',
        (SELECT string_agg(format('s.%I', c), ', ' ORDER BY n) FROM unnest(columns) WITH ORDINALITY u(c, n)), rows_from,
        CASE WHEN rows_from = source.relation THEN cdp._sample_clause(source.relation::regclass, wanted, false) ELSE format(' LIMIT %s', wanted) END);
    INSERT INTO cdp_data.column_statistics (source_id, measured_at, column_name, sampled_rows, filled, distinct_values, semantic_type, validity, top_values, top_rows, patterns, pattern_rows)
    SELECT source.source_id, instant, p.column_name, p.rows, p.filled, p.distinct_values, p.semantic_type, p.validity, p.top_values, p.top_rows, p.patterns, p.pattern_rows
    FROM cdp._profile_query('SELECT * FROM pg_temp.cdp_column_sample', columns, source.country, source.date_order, 20) p;
    GET DIAGNOSTICS measured = ROW_COUNT;
    FOR field IN
        SELECT c.column_name, c.semantic_type, format_type(a.atttypid, NULL) AS column_type
        FROM cdp_data.column_statistics c JOIN pg_attribute a ON a.attrelid = 'pg_temp.cdp_column_sample'::regclass AND a.attname = c.column_name
        WHERE c.source_id = source.source_id AND c.measured_at = instant AND c.filled > 0
    LOOP
        CONTINUE WHEN field.column_name = source.key_column;
        IF field.column_type IN ('smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision') OR field.semantic_type IN ('number', 'money', 'date', 'timestamp') THEN
            EXECUTE format($q$
                UPDATE cdp_data.column_statistics c SET mean = m.mean, deciles = m.deciles
                FROM (SELECT avg(v) AS mean, percentile_cont(ARRAY[0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]::float8[]) WITHIN GROUP (ORDER BY v) AS deciles
                      FROM (SELECT (%s)::float8 AS v FROM pg_temp.cdp_column_sample s) AS x WHERE abs(v) < 1e100) AS m
                WHERE c.source_id = $1 AND c.measured_at = $2 AND c.column_name = $3 AND m.mean IS NOT NULL
            $q$, CASE WHEN field.column_type IN ('smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision') THEN format('s.%I', field.column_name)
                      WHEN field.column_type IN ('date', 'timestamp without time zone', 'timestamp with time zone') THEN format('CASE WHEN isfinite(s.%I) THEN date_part(''epoch'', s.%1$I) END', field.column_name)
                      WHEN field.semantic_type IN ('number', 'money') THEN format('cdp.normalize_number(s.%I::text)', field.column_name)
                      ELSE format('date_part(''epoch'', cdp.normalize_timestamp(s.%I::text, ''UTC'', %L))', field.column_name, source.date_order) END)
            USING source.source_id, instant, field.column_name;
        END IF;
    END LOOP;
    DROP TABLE pg_temp.cdp_column_sample;
    DELETE FROM cdp_data.column_statistics c WHERE c.source_id = source.source_id
      AND c.measured_at < (SELECT min(t.measured_at) FROM (SELECT DISTINCT d.measured_at FROM cdp_data.column_statistics d WHERE d.source_id = source.source_id ORDER BY d.measured_at DESC LIMIT 400) AS t);
    RETURN measured;
END
$$;
COMMENT ON FUNCTION cdp._measure_columns(int, text) IS 'Internal. Keeps statistics of the mapped columns of a source, from a sample of quality_sample_rows rows.';

-- Population stability index, sum((actual - expected) * ln(actual / expected)) over classes of shares: Siddiqi, Credit Risk
-- Scorecards (2006), and Kullback and Leibler's symmetric divergence (1951). Shares of nothing count as 0.0001.
CREATE FUNCTION cdp.population_stability(expected float8[], actual float8[]) RETURNS float8
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    total_expected CONSTANT float8 := (SELECT sum(v) FROM unnest(expected) v);
    total_actual CONSTANT float8 := (SELECT sum(v) FROM unnest(actual) v);
BEGIN
    IF cardinality(expected) <> cardinality(actual) OR EXISTS (SELECT FROM unnest(expected || actual) v WHERE v < 0 OR v IS NULL OR v = 'NaN' OR v = 'Infinity') THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'the index compares two lists of counts or shares of the same classes',
            DETAIL = format('There are %s and %s of them; none may be negative.', cardinality(expected), cardinality(actual)), HINT = 'For example: SELECT cdp.population_stability(ARRAY[50, 50], ARRAY[40, 60]);';
    END IF;
    IF coalesce(total_expected, 0) = 0 OR coalesce(total_actual, 0) = 0 THEN RETURN NULL; END IF;
    RETURN (SELECT sum((a - e) * ln(a / e)) FROM (SELECT greatest(x / total_expected, 0.0001) AS e, greatest(y / total_actual, 0.0001) AS a FROM unnest(expected, actual) u(x, y)) AS s);
END
$$;
COMMENT ON FUNCTION cdp.population_stability(float8[], float8[]) IS
'The population stability index of two distributions over the same classes, given as counts or shares: the sum of (actual - expected) * ln(actual / expected). Below 0.1 nothing moved, above 0.25 much did. NULL when one is empty. Example: SELECT cdp.population_stability(ARRAY[50, 50], ARRAY[40, 60]) gives 0.0405.';

-- The share of values up to x, from deciles, straight between them.
CREATE FUNCTION cdp._share_below(deciles float8[], x float8) RETURNS float8
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF x >= deciles[11] THEN RETURN 1; ELSIF x < deciles[1] THEN RETURN 0; END IF;
    -- The last decile that is not above x: of several equal ones, all of their share is at x.
    FOR i IN REVERSE 10 .. 1 LOOP
        IF deciles[i] <= x THEN RETURN (i - 1 + (x - deciles[i]) / (deciles[i + 1] - deciles[i])) / 10; END IF;
    END LOOP;
    RETURN 0;
END
$$;
COMMENT ON FUNCTION cdp._share_below(float8[], float8) IS 'Internal. The distribution function behind eleven deciles.';

CREATE FUNCTION cdp._decile_shares(edges float8[], deciles float8[]) RETURNS float8[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT array_agg(s.upto - coalesce(s.before, 0) ORDER BY s.n)
    FROM (SELECT t.n, t.upto, lag(t.upto) OVER (ORDER BY t.n) AS before
          FROM (SELECT row_number() OVER (ORDER BY e) AS n, CASE WHEN e = 'Infinity' THEN 1 ELSE cdp._share_below(deciles, e) END AS upto
                FROM (SELECT DISTINCT unnest(edges[2:10]) AS e UNION SELECT 'Infinity'::float8) AS x) AS t) AS s
$$;
COMMENT ON FUNCTION cdp._decile_shares(float8[], float8[]) IS 'Internal. The shares of a distribution, given by its deciles, between the inner deciles of another.';

CREATE FUNCTION cdp._class_counts(names text[], rows bigint[], classes text[], total bigint) RETURNS float8[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
    SELECT array_agg(coalesce(u.rows, 0)::float8 ORDER BY c.n) || greatest(total - coalesce(sum(u.rows), 0), 0)::float8
    FROM unnest(classes) WITH ORDINALITY c(name, n) LEFT JOIN unnest(names, rows) u(name, rows) USING (name)
$$;
COMMENT ON FUNCTION cdp._class_counts(text[], bigint[], text[], bigint) IS 'Internal. The counts of some values and of all others.';

CREATE FUNCTION cdp.quality_drift(source text, since timestamptz DEFAULT NULL, only_significant boolean DEFAULT true)
RETURNS TABLE ("column" text, measure text, before text, after text, drift numeric, is_significant boolean, explanation text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    chosen int;
    newest timestamptz;
    base timestamptz;
    item record;
    n float8;
    m float8;
    z float8;
    pooled float8;
    classes text[];
    bound float8;
BEGIN
    PERFORM cdp._require_store();
    chosen := cdp._source_id(source);
    SELECT max(c.measured_at) INTO newest FROM cdp_data.column_statistics c WHERE c.source_id = chosen;
    -- What it was at that time: the last measurement until then, or the first after it. By default the one before the last.
    base := CASE WHEN since IS NULL THEN (SELECT max(c.measured_at) FROM cdp_data.column_statistics c WHERE c.source_id = chosen AND c.measured_at < newest)
                 ELSE coalesce((SELECT max(c.measured_at) FROM cdp_data.column_statistics c WHERE c.source_id = chosen AND c.measured_at <= since AND c.measured_at < newest),
                               (SELECT min(c.measured_at) FROM cdp_data.column_statistics c WHERE c.source_id = chosen AND c.measured_at < newest)) END;
    IF base IS NULL THEN RETURN; END IF;
    FOR item IN
        SELECT coalesce(a.column_name, b.column_name) AS name, b.sampled_rows AS rows_b, a.sampled_rows AS rows_a, b.filled AS filled_b, a.filled AS filled_a, b.distinct_values AS distinct_b, a.distinct_values AS distinct_a,
               b.semantic_type AS type_b, a.semantic_type AS type_a, b.validity AS validity_b, a.validity AS validity_a, b.mean AS mean_b, a.mean AS mean_a, b.deciles AS deciles_b, a.deciles AS deciles_a,
               b.top_values AS top_b, a.top_values AS top_a, b.top_rows AS top_rows_b, a.top_rows AS top_rows_a, b.patterns AS patterns_b, a.patterns AS patterns_a, b.pattern_rows AS pattern_rows_b, a.pattern_rows AS pattern_rows_a
        FROM (SELECT * FROM cdp_data.column_statistics c WHERE c.source_id = chosen AND c.measured_at = base) AS b
        FULL JOIN (SELECT * FROM cdp_data.column_statistics c WHERE c.source_id = chosen AND c.measured_at = newest) AS a USING (column_name)
        ORDER BY 1
    LOOP
        "column" := item.name;
        IF item.rows_b IS NULL OR item.rows_a IS NULL THEN
            measure := 'column'; before := CASE WHEN item.rows_b IS NULL THEN 'not read' ELSE 'read' END; after := CASE WHEN item.rows_a IS NULL THEN 'not read' ELSE 'read' END;
            drift := NULL; is_significant := true; explanation := CASE WHEN item.rows_b IS NULL THEN 'it is new' ELSE 'it is gone' END;
            RETURN NEXT; CONTINUE;
        END IF;
        n := item.rows_b; m := item.rows_a;
        -- Shares: two proportions, z above 3, and a difference that matters.
        FOR measure, before, after, pooled, z, bound IN
            SELECT v.measure, round(v.p::numeric, 3)::text, round(v.q::numeric, 3)::text, (v.p * v.n + v.q * v.m) / nullif(v.n + v.m, 0), v.q - v.p, sqrt(1 / nullif(v.n, 0) + 1 / nullif(v.m, 0))
            FROM (VALUES ('missing', 1 - item.filled_b / nullif(n, 0), 1 - item.filled_a / nullif(m, 0), n, m),
                         ('different values', least(1, item.distinct_b::float8 / nullif(item.filled_b, 0)), least(1, item.distinct_a::float8 / nullif(item.filled_a, 0)), item.filled_b::float8, item.filled_a::float8),
                         ('valid', item.validity_b, item.validity_a, item.filled_b::float8, item.filled_a::float8)) AS v(measure, p, q, n, m)
            WHERE v.p IS NOT NULL AND v.q IS NOT NULL
              -- The share of different values of two samples is comparable only at the same size.
              AND (v.measure <> 'different values' OR least(v.n, v.m) > 0.8 * greatest(v.n, v.m))
        LOOP
            drift := round((z / nullif(sqrt(pooled * (1 - pooled)) * bound, 0))::numeric, 2);
            is_significant := coalesce(abs(drift) > 3, false) AND abs(z) >= CASE measure WHEN 'different values' THEN 0.1 ELSE 0.02 END;
            explanation := CASE WHEN is_significant THEN format('%s by %s points', CASE WHEN z > 0 THEN 'up' ELSE 'down' END, round(100 * abs(z)::numeric, 1)) END;
            IF is_significant OR NOT only_significant THEN RETURN NEXT; END IF;
        END LOOP;
        IF item.type_b IS DISTINCT FROM item.type_a AND item.filled_a > 0 AND item.filled_b > 0 THEN
            measure := 'meaning'; before := item.type_b; after := item.type_a; drift := NULL; is_significant := true; explanation := 'its values look like something else';
            RETURN NEXT;
        END IF;
        CONTINUE WHEN item.filled_a = 0 OR item.filled_b = 0;
        n := item.filled_b; m := item.filled_a;
        -- Distributions: the index, against what chance alone makes of samples of this size: under no change (n m / (n + m)) PSI is
        -- about chi-square with classes - 1 degrees (Yurdakul and Naranjo, J. Risk Model Validation 14, 2020).
        FOR measure, before, after, z, bound IN
            SELECT v.measure, v.before, v.after, cdp.population_stability(v.expected, v.actual), cardinality(v.expected) - 1
            FROM (SELECT 'numbers' AS measure, cdp._drift_figure(item.type_b, item.deciles_b) AS before, cdp._drift_figure(item.type_a, item.deciles_a) AS after,
                         cdp._decile_shares(item.deciles_b, item.deciles_b) AS expected, cdp._decile_shares(item.deciles_b, item.deciles_a) AS actual
                  WHERE item.deciles_b IS NOT NULL AND item.deciles_a IS NOT NULL
                  UNION ALL
                  SELECT 'values', (SELECT format('%s (%s %%)', item.top_b[1], round(100.0 * item.top_rows_b[1] / item.filled_b))), (SELECT format('%s (%s %%)', item.top_a[1], round(100.0 * item.top_rows_a[1] / item.filled_a))),
                         cdp._class_counts(item.top_b, item.top_rows_b, k.classes, item.filled_b), cdp._class_counts(item.top_a, item.top_rows_a, k.classes, item.filled_a)
                  -- Of columns with few values; names and numbers of customers have none that are frequent.
                  FROM (SELECT array_agg(DISTINCT x.v) AS classes FROM (SELECT v FROM unnest(item.top_b, item.top_rows_b) u(v, r) WHERE r >= 0.005 * item.filled_b
                                                                        UNION SELECT v FROM unnest(item.top_a, item.top_rows_a) u(v, r) WHERE r >= 0.005 * item.filled_a) AS x(v)) AS k
                  WHERE k.classes IS NOT NULL AND item.deciles_b IS NULL
                  UNION ALL
                  SELECT 'shapes', item.patterns_b[1], item.patterns_a[1], cdp._class_counts(item.patterns_b, item.pattern_rows_b, k.classes, item.filled_b), cdp._class_counts(item.patterns_a, item.pattern_rows_a, k.classes, item.filled_a)
                  FROM (SELECT array_agg(DISTINCT x.v) AS classes FROM unnest(item.patterns_b || item.patterns_a) x(v)) AS k
                  WHERE k.classes IS NOT NULL) AS v
        LOOP
            drift := round(z::numeric, 3);
            is_significant := coalesce(z >= 0.1 AND z > (1 / n + 1 / m) * (bound + 3 * sqrt(2 * bound)), false);
            explanation := CASE WHEN is_significant THEN CASE WHEN z >= 0.25 THEN 'much of it moved' ELSE 'some of it moved' END END;
            IF is_significant OR NOT only_significant THEN RETURN NEXT; END IF;
        END LOOP;
    END LOOP;
END
$$;
COMMENT ON FUNCTION cdp.quality_drift(text, timestamptz, boolean) IS
'What changed in the columns of a source between two readings, from the statistics in cdp_data.column_statistics: the newest against the one before, or against the state at `since`. measure: missing, different values, valid (shares; drift is the z of two proportions, significant beyond 3 and 2 points, 10 for different values), meaning, column, and the distributions numbers (before and after are the medians), values and shapes (drift is the population stability index, significant from 0.1 and beyond what chance makes of samples of this size). only_significant => false lists all. Example: SELECT * FROM cdp.quality_drift(''crm'', since => now() - interval ''1 month'');';

CREATE FUNCTION cdp._drift_figure(semantic_type text, deciles float8[]) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
    SELECT CASE WHEN semantic_type IN ('date', 'timestamp') THEN to_char(to_timestamp(deciles[6]), 'YYYY-MM-DD') ELSE trim_scale(round(deciles[6]::numeric, 2))::text END
$$;
COMMENT ON FUNCTION cdp._drift_figure(text, float8[]) IS 'Internal. The median of a column as text.';
