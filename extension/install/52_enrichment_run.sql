-- Running enrichments. The order is: what is found for the people (or their records) in question, what of it is new, what then
-- wins in the profile. What a source said is remembered, so that everything can be taken back.

-- The people, or records, that an enrichment starts from, as SQL: profile_id, its attributes, input and its hash.
CREATE FUNCTION cdp._subject_query(inputs text[], per_record boolean, is_limited boolean) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT format($q$(SELECT %1$s t.*, i.input, md5(i.input::text)::uuid AS input_hash
        FROM (SELECT %2$s.profile_id, %3$s FROM %4$s %5$s) AS t
        CROSS JOIN LATERAL (SELECT jsonb_build_object(%6$s) AS input) AS i
        WHERE %7$s%8$s)$q$,
        CASE WHEN per_record THEN 'DISTINCT ON (t.profile_id, i.input)' ELSE '' END, CASE WHEN per_record THEN 'r' ELSE 'f' END, cdp._subject_columns(CASE WHEN per_record THEN 'r' ELSE 'f' END),
        CASE WHEN per_record THEN 'cdp_data.record r JOIN cdp_data.profile f USING (profile_id)' ELSE 'cdp_data.profile f' END || CASE WHEN is_limited THEN ' JOIN pg_temp.cdp_enrich_only o USING (profile_id)' ELSE '' END,
        'WHERE f.status = ''active''',
        (SELECT string_agg(format('%L, t.%I', i, i), ', ' ORDER BY n) FROM unnest(inputs) WITH ORDINALITY u(i, n)),
        (SELECT string_agg(format('t.%I IS NOT NULL', i), ' AND ') FROM unnest(inputs) i),
        CASE WHEN per_record THEN ' ORDER BY t.profile_id, i.input' ELSE '' END)
$$;
COMMENT ON FUNCTION cdp._subject_query(text[], boolean, boolean) IS 'Internal. The SQL of the people or records that an enrichment starts from, those of pg_temp.cdp_enrich_only when is_limited.';

-- Fills pg_temp.cdp_enrich_found (profile_id, attribute, input_hash, input, value, provenance, confidence, cost, obtained_at, expires_at).
CREATE FUNCTION cdp._find_enriched(name text, is_limited boolean) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning SET datestyle = 'ISO, YMD' AS $$
#variable_conflict use_column
DECLARE
    item record;
    field record;
    subjects text;
    country CONSTANT text := nullif(cdp._setting('country'), '');
    instant CONSTANT timestamptz := clock_timestamp();
BEGIN
    SELECT * INTO item FROM cdp_data.enrichment e WHERE e.name = _find_enriched.name;
    DROP TABLE IF EXISTS pg_temp.cdp_enrich_raw, pg_temp.cdp_enrich_found;
    CREATE TEMP TABLE cdp_enrich_found (profile_id bigint, attribute text, input_hash uuid, input jsonb, value jsonb, provenance text, confidence numeric, cost numeric, obtained_at timestamptz, expires_at timestamptz) ON COMMIT DROP;
    IF NOT item.is_active THEN RETURN; END IF;
    subjects := cdp._subject_query(item.inputs, item.per_record, is_limited);
    CASE item.kind
        WHEN 'lookup' THEN
            EXECUTE format($q$
                CREATE TEMP TABLE cdp_enrich_raw ON COMMIT DROP AS
                SELECT s.profile_id, s.input_hash, s.input, l.answer, round(%1$s::numeric / l.answers, 4) AS confidence, 0::numeric AS cost, NULL::timestamptz AS obtained_at, NULL::timestamptz AS expires_at
                FROM %2$s AS s JOIN (
                    SELECT %3$s, (array_agg(l.answer ORDER BY l.since DESC NULLS LAST, l.answer::text COLLATE "C"))[1] AS answer, count(DISTINCT l.answer) AS answers
                    FROM (SELECT %4$s, jsonb_build_object(%5$s) AS answer, %6$s AS since FROM %7$s AS l WHERE true%8$s%9$s%11$s) AS l
                    GROUP BY %3$s) AS l ON %10$s
            $q$, item.confidence, subjects,
                (SELECT string_agg('l.k' || n, ', ' ORDER BY n) FROM generate_subscripts(item.key_columns, 1) n),
                (SELECT string_agg(format('cdp.lookup_key(l.%I::text) AS k%s', k, n), ', ' ORDER BY n) FROM unnest(item.key_columns) WITH ORDINALITY u(k, n)),
                (SELECT string_agg(format('%L, l.%I', g, g), ', ' ORDER BY g) FROM jsonb_object_keys(item.gives) g),
                CASE WHEN item.valid_from IS NULL THEN 'NULL::timestamptz' ELSE format('l.%I::timestamptz', item.valid_from) END, item.relation,
                CASE WHEN item.valid_from IS NOT NULL THEN format(' AND coalesce(l.%I <= now(), true)', item.valid_from) END,
                CASE WHEN item.valid_to IS NOT NULL THEN format(' AND coalesce(l.%I > now(), true)', item.valid_to) END,
                (SELECT string_agg(format('l.k%s = cdp.lookup_key(s.%I::text)', n, i), ' AND ' ORDER BY n) FROM unnest(item.inputs) WITH ORDINALITY u(i, n)),
                -- For a few people only their rows are read, by an index on cdp.lookup_key() where there is one.
                CASE WHEN is_limited THEN format(' AND cdp.lookup_key(l.%I::text) = ANY (ARRAY(SELECT cdp.lookup_key(s.%I::text) FROM %s AS s))', item.key_columns[1], item.inputs[1], subjects) END);
        WHEN 'expression' THEN
            EXECUTE format($q$
                CREATE TEMP TABLE cdp_enrich_raw ON COMMIT DROP AS
                SELECT s.profile_id, s.input_hash, s.input, CASE WHEN %1$L THEN jsonb_build_object('value', s.result) ELSE s.result END AS answer,
                       CASE WHEN NOT %1$L AND jsonb_typeof(s.result -> 'confidence') = 'number' THEN round(least(1, greatest(0.0001, (s.result ->> 'confidence')::numeric)) * %2$s, 4) ELSE %2$s END AS confidence,
                       0::numeric AS cost, NULL::timestamptz AS obtained_at, NULL::timestamptz AS expires_at
                FROM (SELECT s.profile_id, s.input_hash, s.input, to_jsonb((%3$s
                )) AS result FROM %4$s AS s) AS s WHERE s.result IS NOT NULL AND s.result <> 'null'
            $q$, item.gives ? 'value' AND (SELECT count(*) = 1 FROM jsonb_object_keys(item.gives)), item.confidence, item.expression, subjects);
        ELSE
            EXECUTE format($q$
                CREATE TEMP TABLE cdp_enrich_raw ON COMMIT DROP AS
                SELECT s.profile_id, s.input_hash, s.input, a.answer, a.confidence, a.cost, a.obtained_at, a.expires_at
                FROM %s AS s JOIN cdp_data.enrichment_answer a ON a.enrichment = %L AND a.input_hash = s.input_hash
                WHERE coalesce(a.expires_at > clock_timestamp(), true)
            $q$, subjects, item.name);
    END CASE;
    FOR field IN
        SELECT g.key, a.attribute, a.value_type,
               cdp._cleaning_expression(a.semantic_type, format('(r.answer ->> %L)', g.key), country, 'ymd', 'UTC') AS cleaned
        FROM jsonb_each_text(item.gives) g JOIN cdp_data.attribute a ON a.attribute = g.value ORDER BY g.key
    LOOP
        EXECUTE format($q$
            INSERT INTO pg_temp.cdp_enrich_found
            SELECT v.profile_id, %1$L, v.input_hash, v.input, v.value, %2$L, v.confidence, v.cost, coalesce(v.obtained_at, %3$L), coalesce(v.expires_at, %4$L)
            FROM (SELECT r.*, CASE WHEN jsonb_typeof(r.answer -> %5$L) = %6$L THEN r.answer -> %5$L ELSE to_jsonb(%7$s) END AS value FROM pg_temp.cdp_enrich_raw r) AS v
            WHERE v.value IS NOT NULL AND v.value <> 'null'
        $q$, field.attribute, CASE item.kind WHEN 'lookup' THEN item.relation WHEN 'expression' THEN left(item.expression, 200) ELSE 'service ' || item.name END,
             instant, instant + item.lasts, field.key, CASE field.value_type WHEN 'number' THEN 'number' WHEN 'boolean' THEN 'boolean' END, field.cleaned);
    END LOOP;
    DROP TABLE pg_temp.cdp_enrich_raw;
    ANALYZE pg_temp.cdp_enrich_found;
END
$$;
COMMENT ON FUNCTION cdp._find_enriched(text, boolean) IS 'Internal. What an enrichment finds for all people, or those of pg_temp.cdp_enrich_only, in pg_temp.cdp_enrich_found.';

-- What pg_temp.cdp_enrich_found changes for an enrichment; returns in how many people.
CREATE FUNCTION cdp._apply_enriched(name text, is_limited boolean) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning SET datestyle = 'ISO, YMD' AS $$
#variable_conflict use_column
DECLARE
    field record;
    current_value text;
    changed bigint;
BEGIN
    DROP TABLE IF EXISTS pg_temp.cdp_enrich_touched;
    -- (person, attribute) whose candidates change.
    EXECUTE format($q$
        CREATE TEMP TABLE cdp_enrich_touched ON COMMIT DROP AS
        SELECT DISTINCT coalesce(n.profile_id, v.profile_id) AS profile_id, coalesce(n.attribute, v.attribute) AS attribute, NULL::jsonb AS base
        FROM pg_temp.cdp_enrich_found n
        FULL JOIN (SELECT w.* FROM cdp_data.enriched_value w %s WHERE w.enrichment = %L) AS v USING (profile_id, attribute, input_hash)
        WHERE n.value IS DISTINCT FROM v.value OR n.confidence IS DISTINCT FROM v.confidence OR n.profile_id IS NULL OR v.profile_id IS NULL
    $q$, CASE WHEN is_limited THEN 'JOIN pg_temp.cdp_enrich_only o USING (profile_id)' ELSE '' END, _apply_enriched.name);
    -- What holds on is known anew.
    UPDATE cdp_data.enriched_value v SET obtained_at = n.obtained_at, expires_at = n.expires_at, cost = n.cost
    FROM pg_temp.cdp_enrich_found n
    WHERE v.enrichment = _apply_enriched.name AND (v.profile_id, v.attribute, v.input_hash) = (n.profile_id, n.attribute, n.input_hash) AND v.value = n.value AND v.confidence = n.confidence
      AND v.expires_at IS DISTINCT FROM n.expires_at AND coalesce(v.expires_at < n.expires_at - (n.expires_at - n.obtained_at) / 2, true);
    ANALYZE pg_temp.cdp_enrich_touched;
    SELECT count(DISTINCT t.profile_id) INTO changed FROM pg_temp.cdp_enrich_touched t;
    IF changed = 0 THEN RETURN 0; END IF;
    -- What a source says, from under what is shown now.
    FOR field IN SELECT a.attribute, a.place FROM cdp_data.attribute a WHERE a.attribute IN (SELECT t.attribute FROM pg_temp.cdp_enrich_touched t) LOOP
        current_value := CASE field.place WHEN 'column' THEN format('to_jsonb(f.%I)', field.attribute) ELSE format('f.details -> %L', field.attribute) END;
        EXECUTE format($q$
            UPDATE pg_temp.cdp_enrich_touched t SET base = CASE WHEN u.is_used THEN u.source_value ELSE %1$s END
            FROM cdp_data.profile f LEFT JOIN (SELECT v.profile_id, v.is_used, v.source_value FROM cdp_data.enriched_value v WHERE v.attribute = %2$L AND v.is_used) AS u USING (profile_id)
            WHERE t.attribute = %2$L AND f.profile_id = t.profile_id
        $q$, current_value, field.attribute);
    END LOOP;
    DELETE FROM cdp_data.enriched_value v USING pg_temp.cdp_enrich_touched t
    WHERE v.enrichment = _apply_enriched.name AND v.profile_id = t.profile_id AND v.attribute = t.attribute;
    -- Best first; a source's value is better than all but those that beat sources. Before the new ones are written: once.
    DROP TABLE IF EXISTS pg_temp.cdp_enrich_ranked;
    CREATE TEMP TABLE cdp_enrich_ranked ON COMMIT DROP AS
    SELECT c.profile_id, c.attribute, c.enrichment, c.input_hash, t.base,
           row_number() OVER (PARTITION BY c.profile_id, c.attribute ORDER BY e.beats_sources DESC, c.confidence DESC, e.position, c.input::text COLLATE "C") = 1 AND (e.beats_sources OR t.base IS NULL OR t.base = 'null') AS is_used
    FROM (SELECT n.profile_id, n.attribute, _apply_enriched.name AS enrichment, n.input_hash, n.input, n.confidence FROM pg_temp.cdp_enrich_found n
          UNION ALL SELECT v.profile_id, v.attribute, v.enrichment, v.input_hash, v.input, v.confidence FROM cdp_data.enriched_value v WHERE v.enrichment <> _apply_enriched.name) AS c
    JOIN pg_temp.cdp_enrich_touched t USING (profile_id, attribute) JOIN cdp_data.enrichment e ON e.name = c.enrichment;
    ANALYZE pg_temp.cdp_enrich_ranked;
    -- Those that lose first: at no time are there two.
    UPDATE cdp_data.enriched_value v SET is_used = w.is_used, source_value = w.base
    FROM pg_temp.cdp_enrich_ranked w
    WHERE w.enrichment <> _apply_enriched.name AND (v.profile_id, v.attribute, v.enrichment, v.input_hash) = (w.profile_id, w.attribute, w.enrichment, w.input_hash) AND (v.is_used, v.source_value) IS DISTINCT FROM (w.is_used, w.base);
    INSERT INTO cdp_data.enriched_value (profile_id, attribute, enrichment, input_hash, input, value, provenance, confidence, cost, obtained_at, expires_at, is_used, source_value)
    SELECT n.profile_id, n.attribute, _apply_enriched.name, n.input_hash, n.input, n.value, n.provenance, n.confidence, n.cost, n.obtained_at, n.expires_at, w.is_used, w.base
    FROM pg_temp.cdp_enrich_found n JOIN pg_temp.cdp_enrich_ranked w USING (profile_id, attribute, input_hash) WHERE w.enrichment = _apply_enriched.name
    ORDER BY n.profile_id, n.attribute, n.input_hash;
    DROP TABLE pg_temp.cdp_enrich_ranked;
    FOR field IN SELECT a.attribute, a.place, a.value_type FROM cdp_data.attribute a WHERE a.attribute IN (SELECT t.attribute FROM pg_temp.cdp_enrich_touched t) LOOP
        EXECUTE format($q$
            UPDATE cdp_data.profile f SET %1$s
            FROM (SELECT t.profile_id, coalesce(u.value, t.base) AS value FROM pg_temp.cdp_enrich_touched t
                  LEFT JOIN cdp_data.enriched_value u ON u.profile_id = t.profile_id AND u.attribute = %2$L AND u.is_used WHERE t.attribute = %2$L) AS n
            WHERE f.profile_id = n.profile_id AND %3$s IS DISTINCT FROM nullif(n.value, 'null')
        $q$, CASE WHEN field.place = 'column' THEN format('%I = (n.value #>> ''{}'')::%s', field.attribute, CASE field.value_type WHEN 'date' THEN 'date' ELSE 'text' END)
                  ELSE format('details = CASE WHEN n.value IS NULL THEN f.details - %1$L::text ELSE f.details || jsonb_build_object(%1$L, n.value) END', field.attribute) END,
             field.attribute, CASE field.place WHEN 'column' THEN format('to_jsonb(f.%I)', field.attribute) ELSE format('f.details -> %L', field.attribute) END);
    END LOOP;
    DROP TABLE pg_temp.cdp_enrich_touched;
    RETURN changed;
END
$$;
COMMENT ON FUNCTION cdp._apply_enriched(text, boolean) IS 'Internal. Stores what was found, decides what wins, and writes it into the profiles that it changes.';

-- Runs enrichments (NULL: all) for people (NULL: all). After a person was built anew (is_rebuilt) nothing of before counts.
CREATE FUNCTION cdp._enrich(names text[], profiles bigint[], is_rebuilt boolean DEFAULT false)
RETURNS TABLE (enrichment text, people bigint, problem text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = warning AS $$
#variable_conflict use_column
DECLARE
    item record;
    started timestamptz;
BEGIN
    IF NOT EXISTS (SELECT FROM cdp_data.enrichment) THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('records'));
    -- The day is that of the installation.
    PERFORM set_config('timezone', cdp._setting('time_zone'), true);
    DROP TABLE IF EXISTS pg_temp.cdp_enrich_only;
    CREATE TEMP TABLE cdp_enrich_only ON COMMIT DROP AS SELECT DISTINCT p AS profile_id FROM unnest(profiles) p;
    ANALYZE pg_temp.cdp_enrich_only;
    IF is_rebuilt THEN DELETE FROM cdp_data.enriched_value v USING pg_temp.cdp_enrich_only o WHERE v.profile_id = o.profile_id; END IF;
    FOR item IN SELECT e.name, e.problem FROM cdp_data.enrichment e WHERE (names IS NULL OR e.name = ANY (names)) ORDER BY e.position LOOP
        enrichment := item.name; people := 0; problem := NULL;
        started := clock_timestamp();
        -- One that fails must not keep the others, or the building of people, from going on.
        BEGIN
            PERFORM cdp._find_enriched(item.name, profiles IS NOT NULL);
            people := cdp._apply_enriched(item.name, profiles IS NOT NULL);
        EXCEPTION WHEN data_exception OR raise_exception OR undefined_column OR undefined_table OR undefined_function OR datatype_mismatch OR insufficient_privilege OR numeric_value_out_of_range
                       OR invalid_schema_name OR connection_exception OR fdw_error THEN
            problem := SQLERRM;
        END;
        IF profiles IS NULL OR problem IS NOT NULL THEN
            UPDATE cdp_data.enrichment e SET problem = _enrich.problem, last_run_at = CASE WHEN profiles IS NULL THEN started ELSE e.last_run_at END WHERE e.name = item.name;
        END IF;
        IF problem IS NOT NULL THEN
            RAISE WARNING USING MESSAGE = format('the enrichment %I failed: %s', item.name, problem), HINT = format('Mend what it calls, then run: SELECT * FROM cdp.enrich(%L);', item.name);
        END IF;
        RETURN NEXT;
    END LOOP;
END
$$;
COMMENT ON FUNCTION cdp._enrich(text[], bigint[], boolean) IS 'Internal. Runs enrichments in their order; one that fails is told and passed over.';

CREATE FUNCTION cdp.enrich(name text DEFAULT NULL)
RETURNS TABLE (enrichment text, people bigint, asked bigint, problem text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    due text[];
    item record;
BEGIN
    PERFORM cdp._require_store();
    IF name IS NOT NULL AND NOT EXISTS (SELECT FROM cdp_data.enrichment e WHERE e.name = enrich.name) THEN
        RAISE EXCEPTION USING ERRCODE = 'undefined_object', MESSAGE = format('there is no enrichment %L', name),
            HINT = cdp._did_you_mean(name, (SELECT coalesce(array_agg(e.name), '{}') FROM cdp_data.enrichment e)) || 'List them: SELECT name, kind, gives FROM cdp_data.enrichment ORDER BY position;';
    END IF;
    -- Due: never run, run long ago, with values that ran out, or with new answers; and whatever comes after one that is.
    SELECT array_agg(e.name) INTO due FROM cdp_data.enrichment e
    WHERE e.name = enrich.name OR enrich.name IS NULL AND e.position >= (
        SELECT min(d.position) FROM cdp_data.enrichment d
        WHERE d.last_run_at IS NULL OR d.last_run_at + d.recheck_after <= clock_timestamp()
           OR EXISTS (SELECT FROM cdp_data.enriched_value v WHERE v.enrichment = d.name AND v.expires_at <= clock_timestamp())
           OR EXISTS (SELECT FROM cdp_data.enrichment_answer a WHERE a.enrichment = d.name AND a.obtained_at > d.last_run_at)
           OR NOT d.is_active AND EXISTS (SELECT FROM cdp_data.enriched_value v WHERE v.enrichment = d.name));
    -- Questions last: what the others found may be their input.
    FOR item IN
        WITH ran AS MATERIALIZED (SELECT * FROM cdp._enrich(coalesce(due, '{}'), NULL))
        SELECT e.name, e.kind = 'service' AND e.is_active AS is_asked, r.people, r.problem, r.enrichment IS NOT NULL AS has_run
        FROM cdp_data.enrichment e LEFT JOIN ran r ON r.enrichment = e.name
        WHERE r.enrichment IS NOT NULL OR e.kind = 'service' AND e.is_active AND (enrich.name IS NULL OR e.name = enrich.name)
        ORDER BY e.position
    LOOP
        enrichment := item.name; people := coalesce(item.people, 0); problem := item.problem;
        asked := CASE WHEN item.is_asked THEN cdp._ask_service(item.name) ELSE 0 END;
        IF item.has_run OR asked > 0 THEN RETURN NEXT; END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION cdp.enrich(text) IS
'Runs the enrichments that are due, or the one that is named: looks up and computes what may have changed, lets values that ran out go, takes in new answers of services, and asks what is not known. One row per enrichment: people whose values changed, and questions asked; problem where it failed. cdp.refresh() does this after it has built people. Example: SELECT * FROM cdp.enrich();';

CREATE FUNCTION cdp.profile_enrichment(profile_id bigint)
RETURNS TABLE (attribute text, value text, is_used boolean, why text, enrichment text, provenance text, input text, confidence numeric, cost numeric, obtained_at timestamptz, expires_at timestamptz)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM cdp._require_store();
    RETURN QUERY
    SELECT v.attribute, v.value #>> '{}', v.is_used,
           CASE WHEN v.is_used AND v.source_value IS NOT NULL THEN format('beats what a source says: %s', v.source_value #>> '{}') WHEN v.is_used THEN 'no source says it'
                WHEN v.source_value IS NOT NULL AND NOT EXISTS (SELECT FROM cdp_data.enriched_value u WHERE u.profile_id = v.profile_id AND u.attribute = v.attribute AND u.is_used) THEN format('a source says: %s', v.source_value #>> '{}')
                ELSE 'another is surer' END,
           v.enrichment, v.provenance, (SELECT string_agg(e.value, ', ' ORDER BY e.key) FROM jsonb_each_text(v.input) e), v.confidence, v.cost, v.obtained_at, v.expires_at
    FROM cdp_data.enriched_value v WHERE v.profile_id = cdp._survivor($1)
    ORDER BY v.attribute, v.is_used DESC, v.confidence DESC, v.enrichment, v.input::text COLLATE "C";
END
$$;
COMMENT ON FUNCTION cdp.profile_enrichment(bigint) IS 'What was found about a person, used or not and why, where it comes from, what it was found for, how sure it is, what it cost and until when it holds. Example: SELECT * FROM cdp.profile_enrichment(42);';
