-- Feeds: what is to be done, how often, and after what.

-- Multiples of whole days keep their local time when clocks are changed; other intervals are elapsed time. A local time
-- that does not exist is the same clock hand an hour later; one that exists twice is its second instance.
CREATE FUNCTION cdp._due_near(every interval, at_times time[], on_days text[], time_zone text, anchor_at timestamptz, instant timestamptz,
    OUT last_due timestamptz, OUT next_due timestamptz)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    step CONSTANT numeric := extract(epoch FROM every);
    days CONSTANT int := extract(day FROM every);
    turns numeric;
    local_anchor timestamp;
    today date;
    found record;
BEGIN
    IF every IS NOT NULL AND days > 0 AND step = days * 86400 THEN
        local_anchor := anchor_at AT TIME ZONE time_zone;
        turns := floor(extract(epoch FROM (instant AT TIME ZONE time_zone) - local_anchor) / step);
        SELECT max(c.at) FILTER (WHERE c.at <= instant), min(c.at) FILTER (WHERE c.at > instant) INTO last_due, next_due
        FROM (SELECT (local_anchor + days * (turns::int + k) * interval '1 day') AT TIME ZONE time_zone FROM generate_series(-1, 2) k) AS c(at);
    ELSIF every IS NOT NULL THEN
        turns := floor(extract(epoch FROM instant - anchor_at) / step);
        last_due := anchor_at + turns::float8 * every;
        next_due := anchor_at + (turns + 1)::float8 * every;
    ELSIF at_times IS NOT NULL THEN
        today := (instant AT TIME ZONE time_zone)::date;
        -- The rarest day, the 31st, comes after two months at most; a bit at a time, as mostly the first is enough.
        FOR part IN 1 .. 4 LOOP
            SELECT max(c.at) FILTER (WHERE c.at <= instant) AS before, min(c.at) FILTER (WHERE c.at > instant) AS after INTO found
            FROM generate_series(-(4 ^ part)::int, (4 ^ part)::int) k CROSS JOIN LATERAL (SELECT today + k AS day) AS d CROSS JOIN unnest(at_times) t
            CROSS JOIN LATERAL (SELECT (d.day + t) AT TIME ZONE time_zone AS at) AS c
            WHERE on_days IS NULL OR on_days && ARRAY[to_char(d.day, 'dy'), extract(day FROM d.day)::text,
                CASE WHEN extract(day FROM d.day + 1) = 1 THEN 'last' END];
            last_due := found.before;
            next_due := found.after;
            EXIT WHEN last_due IS NOT NULL AND next_due IS NOT NULL;
        END LOOP;
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._due_near(interval, time[], text[], text, timestamptz, timestamptz) IS 'Internal. The last instant up to, and the first after, an instant at which a schedule falls due; NULL where there is no schedule.';

CREATE FUNCTION cdp._count_due(every interval, at_times time[], on_days text[], time_zone text, since timestamptz, until timestamptz) RETURNS int
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN every IS NOT NULL THEN least(1 + round(extract(epoch FROM until - since) / extract(epoch FROM every)), 1000000)::int
        ELSE (SELECT count(DISTINCT c.at)::int
              FROM generate_series(0, least(2 + until::date - since::date, 5000)) k CROSS JOIN LATERAL (SELECT (since AT TIME ZONE time_zone)::date - 1 + k AS day) AS d
              CROSS JOIN unnest(at_times) t CROSS JOIN LATERAL (SELECT (d.day + t) AT TIME ZONE time_zone AS at) AS c
              WHERE c.at BETWEEN since AND until
                AND (on_days IS NULL OR on_days && ARRAY[to_char(d.day, 'dy'), extract(day FROM d.day)::text, CASE WHEN extract(day FROM d.day + 1) = 1 THEN 'last' END])) END
$$;
COMMENT ON FUNCTION cdp._count_due(interval, time[], text[], text, timestamptz, timestamptz) IS 'Internal. How many instants of a schedule there are from one of them to another.';

CREATE FUNCTION cdp._feed_id(name text) RETURNS int
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    result int;
    names text[];
BEGIN
    PERFORM cdp._require_store();
    SELECT f.feed_id INTO result FROM cdp_data.feed f WHERE f.name = _feed_id.name;
    IF result IS NOT NULL THEN RETURN result; END IF;
    SELECT array_agg(f.name ORDER BY f.name COLLATE "C") INTO names FROM cdp_data.feed f;
    RAISE EXCEPTION USING ERRCODE = 'undefined_object', MESSAGE = format('there is no feed %L', name),
        DETAIL = CASE WHEN names IS NULL THEN 'There is no feed at all.' ELSE 'Feeds are ' || array_to_string(names[:20], ', ') || '.' END,
        HINT = cdp._did_you_mean(coalesce(name, ''), coalesce(names, '{}'))
            || CASE WHEN names IS NULL THEN 'Make some: SELECT * FROM cdp.add_default_feeds(every => ''1 hour'');' ELSE 'See them: SELECT * FROM cdp.feeds();' END;
END
$$;
COMMENT ON FUNCTION cdp._feed_id(text) IS 'Internal. The id of a feed; an error with the nearest name when there is none.';

CREATE FUNCTION cdp._is_paused(feed_id int) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT f.paused_at IS NOT NULL OR s.is_active IS FALSE FROM cdp_data.feed f LEFT JOIN cdp_data.source s USING (source_id) WHERE f.feed_id = $1
$$;
COMMENT ON FUNCTION cdp._is_paused(int) IS 'Internal. Whether a feed, or the source that it reads, is switched off.';

CREATE FUNCTION cdp._check_schedule(name text, every interval, at_times time[], on_days text[], time_zone text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong text;
    example CONSTANT text := format('For example: SELECT cdp.add_feed(%L, …, every => ''1 hour''); or at => ''{06:00}'', time_zone => ''America/Santiago'', on_days => ''{mon,tue,wed,thu,fri}''.', name);
BEGIN
    IF every IS NOT NULL AND at_times IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'a feed has either every or at',
            DETAIL = 'every is the time between two runs; at names times of the day.', HINT = example;
    ELSIF extract(year FROM every) <> 0 OR extract(month FROM every) <> 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('every cannot be %s', every), DETAIL = 'Months differ in length.',
            HINT = 'Name the day of the month instead: at => ''{06:00}'', on_days => ''{1}'' or ''{last}''.';
    ELSIF every < interval '1 minute' OR every > interval '366 days' OR extract(epoch FROM every) <> trunc(extract(epoch FROM every)) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('every cannot be %s', every),
            DETAIL = 'It is a whole number of seconds, from one minute to 366 days.', HINT = example;
    ELSIF cardinality(at_times) NOT BETWEEN 1 AND 288 OR array_position(at_times, NULL) IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('at cannot be %L', at_times),
            DETAIL = 'It is a list of 1 to 288 times of day.', HINT = example;
    ELSIF on_days IS NOT NULL AND at_times IS NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'on_days needs times of day', DETAIL = 'The argument at is missing.', HINT = example;
    END IF;
    SELECT coalesce(d, 'NULL') INTO wrong FROM unnest(on_days) d
    WHERE (d = ANY ('{mon,tue,wed,thu,fri,sat,sun,last}') OR d ~ '^([1-9]|[12][0-9]|3[01])$') IS NOT TRUE LIMIT 1;
    IF wrong IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('there is no day %L', wrong),
            DETAIL = 'Days are mon, tue, wed, thu, fri, sat, sun, days of the month from 1 to 31, and last, the last day of the month.', HINT = example;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_timezone_names z WHERE z.name = time_zone) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('unknown time zone %L', time_zone),
            DETAIL = 'An abbreviation would not know when clocks are changed.',
            HINT = 'Names are those of SELECT name FROM pg_timezone_names; for example America/Santiago.';
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._check_schedule(text, interval, time[], text[], text) IS 'Internal. Errors (22023) unless these make a schedule.';

-- Replaces what a feed depends on. One change at a time, or two could close a circle.
CREATE FUNCTION cdp._set_dependencies(feed_id int, depends_on text[]) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    circle text;
BEGIN
    PERFORM pg_advisory_xact_lock(cdp._advisory_key('feeds'));
    DELETE FROM cdp_data.feed_dependency d WHERE d.feed_id = _set_dependencies.feed_id;
    IF EXISTS (SELECT FROM unnest(depends_on) n WHERE cdp._feed_id(n) = _set_dependencies.feed_id) THEN
        circle := format('%1$L → %1$L', (SELECT f.name FROM cdp_data.feed f WHERE f.feed_id = _set_dependencies.feed_id));
    ELSE
        INSERT INTO cdp_data.feed_dependency (feed_id, depends_on) SELECT DISTINCT _set_dependencies.feed_id, cdp._feed_id(n) FROM unnest(depends_on) n;
        WITH RECURSIVE reached(feed_id, path) AS (
            SELECT d.depends_on, ARRAY[d.feed_id, d.depends_on] FROM cdp_data.feed_dependency d WHERE d.feed_id = _set_dependencies.feed_id
            UNION ALL
            SELECT d.depends_on, r.path || d.depends_on FROM reached r JOIN cdp_data.feed_dependency d USING (feed_id)
            WHERE r.feed_id <> _set_dependencies.feed_id AND (d.depends_on = _set_dependencies.feed_id OR d.depends_on <> ALL (r.path)))
        SELECT (SELECT string_agg(quote_literal(f.name), ' → ' ORDER BY p.n) FROM unnest(r.path) WITH ORDINALITY AS p(id, n) JOIN cdp_data.feed f ON f.feed_id = p.id)
        INTO circle FROM reached r WHERE r.feed_id = _set_dependencies.feed_id ORDER BY cardinality(r.path) LIMIT 1;
    END IF;
    IF circle IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'a feed would depend on itself',
            DETAIL = format('%s, where → means "depends on".', circle),
            HINT = 'Take one of these out: SELECT cdp.change_feed(…, depends_on => ''{}'');';
    END IF;
    -- What ran before it came to depend on it is no reason to run.
    UPDATE cdp_data.feed f SET seen_completions = cdp._completions_before(f.feed_id), unseen_since = NULL WHERE f.feed_id = _set_dependencies.feed_id;
END
$$;
COMMENT ON FUNCTION cdp._set_dependencies(int, text[]) IS 'Internal. Makes a feed depend on these; errors (22023) with the circle when it would depend on itself.';

CREATE FUNCTION cdp._completions_before(feed_id int) RETURNS bigint
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT coalesce(sum(f.completions), 0)::bigint FROM cdp_data.feed_dependency d JOIN cdp_data.feed f ON f.feed_id = d.depends_on WHERE d.feed_id = $1
$$;
COMMENT ON FUNCTION cdp._completions_before(int) IS 'Internal. How many successful runs the feeds have had that a feed depends on.';

-- Whoever writes a statement is remembered, whatever way it is written (attached by cdp.install()).
CREATE FUNCTION cdp._keep_statement_owner() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF NEW.statement IS NULL THEN
        NEW.statement_owner := NULL;
    ELSIF TG_OP = 'INSERT' OR NEW.statement IS DISTINCT FROM OLD.statement THEN
        NEW.statement_owner := current_user;
    ELSE
        NEW.statement_owner := OLD.statement_owner;
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION cdp._keep_statement_owner() IS 'Internal. Trigger of cdp_data.feed: the owner of a statement is the role that wrote it.';

CREATE FUNCTION cdp._check_feed_work(name text, work text, source text, statement text, OUT source_id int)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    kinds CONSTANT text[] := '{ingest,resolve,profiles,enrich,segments,refresh,sql}';
BEGIN
    IF work IS NULL OR work <> ALL (kinds) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('there is no work %L', work),
            DETAIL = 'Work is ingest (read a source), resolve, profiles, enrich, segments, refresh (the whole chain) or sql (a statement of your own).',
            HINT = cdp._did_you_mean(coalesce(work, ''), kinds) || format('For example: SELECT cdp.add_feed(%L, ''refresh'', every => ''1 hour'');', coalesce(name, 'all'));
    ELSIF work <> 'sql' AND statement IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('work %L takes no statement', work),
            DETAIL = 'Only work sql does.', HINT = format('Say: SELECT cdp.add_feed(%L, ''sql'', statement => %L, every => ''1 hour'');', name, statement);
    ELSIF work = 'sql' AND coalesce(btrim(statement, E' \t\r\n;'), '') = '' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'work sql needs a statement',
            DETAIL = 'It is executed as one transaction, with all names qualified, by the role that wrote it.',
            HINT = format('For example: SELECT cdp.add_feed(%L, ''sql'', statement => ''CALL mart.rebuild()'', every => ''1 hour'');', name);
    ELSIF work <> 'ingest' AND source IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('work %L takes no source', work), DETAIL = 'Only work ingest does.',
            HINT = format('Say: SELECT cdp.add_feed(%L, ''ingest'', source => %L, every => ''1 hour'');', name, source);
    END IF;
    IF work = 'ingest' THEN source_id := cdp._source_id(coalesce(source, name)); END IF;
END
$$;
COMMENT ON FUNCTION cdp._check_feed_work(text, text, text, text) IS 'Internal. Errors (22023) unless this is work that a feed can do.';

CREATE FUNCTION cdp.add_feed(name text, work text, every interval DEFAULT NULL, at time[] DEFAULT NULL, on_days text[] DEFAULT NULL, time_zone text DEFAULT NULL,
    source text DEFAULT NULL, statement text DEFAULT NULL, depends_on text[] DEFAULT '{}', fresh_within interval DEFAULT NULL, on_failure text DEFAULT 'wait',
    max_attempts int DEFAULT 3, retry_after interval DEFAULT '1 minute', break_after int DEFAULT 5, break_for interval DEFAULT '1 hour', as_of timestamptz DEFAULT NULL)
RETURNS timestamptz
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    instant CONSTANT timestamptz := coalesce(as_of, now());
    source_id int;
    new_id int;
    first_due timestamptz;
BEGIN
    PERFORM cdp._require_store();
    IF name IS NULL OR name <> btrim(name) OR name = '' OR length(name) > 100 OR name = '*' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('%L cannot be the name of a feed', name),
            DETAIL = 'A name has 1 to 100 characters, without spaces around them.', HINT = 'For example: SELECT cdp.add_feed(''crm'', ''ingest'', every => ''1 hour'');';
    ELSIF EXISTS (SELECT FROM cdp_data.feed f WHERE f.name = name) THEN
        RAISE EXCEPTION USING ERRCODE = 'duplicate_object', MESSAGE = format('there is a feed %L already', name),
            HINT = format('Change it: SELECT cdp.change_feed(%L, …); or remove it: SELECT cdp.remove_feed(%L);', name, name);
    END IF;
    source_id := cdp._check_feed_work(name, work, source, statement);
    time_zone := coalesce(time_zone, cdp._setting('time_zone'));
    PERFORM cdp._check_schedule(name, every, at, on_days, time_zone);
    IF every IS NULL AND at IS NULL AND coalesce(cardinality(depends_on), 0) = 0 THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('when is the feed %L to run?', name),
            DETAIL = 'It has no every, no at, and depends on nothing.',
            HINT = format('For example: SELECT cdp.add_feed(%L, %L, every => ''1 hour'');', name, work);
    END IF;
    PERFORM cdp._check_feed_limits(name, fresh_within, on_failure, max_attempts, retry_after, break_after, break_for);
    PERFORM cdp._feed_id(n) FROM unnest(depends_on) n;
    -- Multiples count from the full hour or day, so that "every hour" is at the hour.
    INSERT INTO cdp_data.feed (name, work, source_id, statement, every, at_times, on_days, time_zone, fresh_within, on_failure, max_attempts, retry_after,
        break_after, break_for, anchor_at, created_at)
    VALUES (name, work, source_id, statement, every, at, nullif(on_days, '{}'), time_zone, fresh_within, on_failure, max_attempts, retry_after, break_after, break_for,
        date_trunc('day', instant AT TIME ZONE time_zone) AT TIME ZONE time_zone, instant)
    RETURNING feed.feed_id, (cdp._due_near(feed.every, feed.at_times, feed.on_days, feed.time_zone, feed.anchor_at, instant)).next_due INTO new_id, first_due;
    PERFORM cdp._set_dependencies(new_id, depends_on);
    UPDATE cdp_data.feed f SET next_due_at = first_due WHERE f.feed_id = new_id;
    RETURN first_due;
END
$$;
COMMENT ON FUNCTION cdp.add_feed(text, text, interval, time[], text[], text, text, text, text[], interval, text, int, interval, int, interval, timestamptz) IS
'Registers work that cdp.run_due() does again and again; returns when it is due first (NULL: after what it depends on). work: ingest (of source, by default the one of the same name), resolve, profiles, enrich, segments, refresh (all of these) or sql (statement: one transaction, names qualified, executed only by runners of the role that wrote it). When: every (from a minute on), or at, times of day in time_zone (default: the setting), on on_days (mon to sun, 1 to 31, last); neither: whenever a feed of depends_on has run. depends_on: feeds that go first when both are due; while one of them fails, on_failure says wait or go_on. fresh_within: how old the newest successful run may be before an alert says late. A failed run is tried max_attempts times, after retry_after and twice as long each time; break_after failures in a row stop it for break_for. Example: SELECT cdp.add_feed(''crm'', ''ingest'', at => ''{06:00,18:00}'', time_zone => ''America/Santiago'', fresh_within => ''14 hours'');';

CREATE FUNCTION cdp._check_feed_limits(name text, fresh_within interval, on_failure text, max_attempts int, retry_after interval, break_after int, break_for interval) RETURNS void
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    problem CONSTANT text := CASE
        WHEN fresh_within <= interval '0' THEN 'fresh_within is a time above 0'
        WHEN on_failure IS NULL OR on_failure NOT IN ('wait', 'go_on') THEN 'on_failure is wait or go_on'
        WHEN (max_attempts BETWEEN 1 AND 100) IS NOT TRUE THEN 'max_attempts is a number from 1 to 100'
        WHEN (retry_after BETWEEN interval '0' AND interval '6 hours') IS NOT TRUE THEN 'retry_after is a time up to 6 hours'
        WHEN (break_after BETWEEN 1 AND 1000) IS NOT TRUE THEN 'break_after is a number from 1 to 1000'
        WHEN (break_for > interval '0' AND break_for <= interval '7 days') IS NOT TRUE THEN 'break_for is a time up to 7 days' END;
BEGIN
    IF problem IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = problem, DETAIL = format('Feed %L.', name),
            HINT = 'See what each argument says: SELECT * FROM cdp.help(''add_feed'');';
    END IF;
END
$$;
COMMENT ON FUNCTION cdp._check_feed_limits(text, interval, text, int, interval, int, interval) IS 'Internal. Errors (22023) unless these are within their bounds.';

CREATE FUNCTION cdp.change_feed(name text, every interval DEFAULT NULL, at time[] DEFAULT NULL, on_days text[] DEFAULT NULL, time_zone text DEFAULT NULL,
    statement text DEFAULT NULL, depends_on text[] DEFAULT NULL, fresh_within interval DEFAULT NULL, on_failure text DEFAULT NULL,
    max_attempts int DEFAULT NULL, retry_after interval DEFAULT NULL, break_after int DEFAULT NULL, break_for interval DEFAULT NULL, as_of timestamptz DEFAULT NULL)
RETURNS timestamptz
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    instant CONSTANT timestamptz := coalesce(as_of, now());
    feed record;
    first_due timestamptz;
BEGIN
    SELECT f.* INTO feed FROM cdp_data.feed f WHERE f.feed_id = cdp._feed_id(name) FOR UPDATE;
    IF every = interval '0' THEN
        feed.every := NULL; feed.at_times := NULL; feed.on_days := NULL;
    ELSIF every IS NOT NULL OR at IS NOT NULL THEN
        feed.every := every; feed.at_times := at; feed.on_days := nullif(on_days, '{}');
    ELSIF on_days IS NOT NULL THEN
        feed.on_days := nullif(on_days, '{}');
    END IF;
    IF statement IS NOT NULL AND feed.work <> 'sql' THEN PERFORM cdp._check_feed_work(name, feed.work, NULL, statement); END IF;
    feed.time_zone := coalesce(time_zone, feed.time_zone);
    feed.fresh_within := nullif(coalesce(fresh_within, feed.fresh_within), interval '0');
    feed.on_failure := coalesce(on_failure, feed.on_failure);
    feed.max_attempts := coalesce(max_attempts, feed.max_attempts);
    feed.retry_after := coalesce(retry_after, feed.retry_after);
    feed.break_after := coalesce(break_after, feed.break_after);
    feed.break_for := coalesce(break_for, feed.break_for);
    PERFORM cdp._check_schedule(name, feed.every, feed.at_times, feed.on_days, feed.time_zone);
    PERFORM cdp._check_feed_limits(name, feed.fresh_within, feed.on_failure, feed.max_attempts, feed.retry_after, feed.break_after, feed.break_for);
    IF depends_on IS NOT NULL THEN PERFORM cdp._set_dependencies(feed.feed_id, depends_on); END IF;
    IF feed.every IS NULL AND feed.at_times IS NULL AND NOT EXISTS (SELECT FROM cdp_data.feed_dependency d WHERE d.feed_id = feed.feed_id) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('when is the feed %L to run?', name),
            DETAIL = 'It would have no every, no at, and depend on nothing.', HINT = format('For example: SELECT cdp.change_feed(%L, every => ''1 hour'');', name);
    END IF;
    first_due := (cdp._due_near(feed.every, feed.at_times, feed.on_days, feed.time_zone, feed.anchor_at, instant)).next_due;
    UPDATE cdp_data.feed f SET every = feed.every, at_times = feed.at_times, on_days = feed.on_days, time_zone = feed.time_zone,
        statement = coalesce(change_feed.statement, f.statement), fresh_within = feed.fresh_within, on_failure = feed.on_failure, max_attempts = feed.max_attempts,
        retry_after = feed.retry_after, break_after = feed.break_after, break_for = feed.break_for,
        -- What is overdue stays so.
        next_due_at = CASE WHEN f.next_due_at <= instant AND first_due IS NOT NULL THEN f.next_due_at ELSE first_due END
    WHERE f.feed_id = feed.feed_id;
    RETURN (SELECT f.next_due_at FROM cdp_data.feed f WHERE f.feed_id = feed.feed_id);
END
$$;
COMMENT ON FUNCTION cdp.change_feed(text, interval, time[], text[], text, text, text[], interval, text, int, interval, int, interval, timestamptz) IS
'Changes what is given of a feed and leaves the rest; returns when it is due next. every => ''0'': no times of its own any more, only after what it depends on; on_days => ''{}'': every day; fresh_within => ''0'': the default. Whoever changes the statement becomes its owner. Example: SELECT cdp.change_feed(''crm'', every => ''30 minutes'');';

CREATE FUNCTION cdp.pause_feed(name text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    id CONSTANT int := cdp._feed_id(name);
BEGIN
    UPDATE cdp_data.feed f SET paused_at = coalesce(f.paused_at, now()) WHERE f.feed_id = id;
    RETURN format('feed %s is paused; what it is doing now, it finishes', quote_literal(name));
END
$$;
COMMENT ON FUNCTION cdp.pause_feed(text) IS 'Starts no run of a feed until cdp.resume_feed(). It raises no alert meanwhile; feeds that depend on it go on with what it brought last. Example: SELECT cdp.pause_feed(''crm'');';

CREATE FUNCTION cdp.resume_feed(name text, as_of timestamptz DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    id CONSTANT int := cdp._feed_id(name);
    instant CONSTANT timestamptz := coalesce(as_of, now());
    feed record;
BEGIN
    SELECT f.* INTO feed FROM cdp_data.feed f WHERE f.feed_id = id FOR UPDATE;
    UPDATE cdp_data.feed f SET paused_at = NULL, failures = 0, circuit_opened_at = NULL, circuit_open_until = NULL, circuit_trials = 0 WHERE f.feed_id = id;
    UPDATE cdp_data.feed_run r SET not_before = least(r.not_before, instant) WHERE r.feed_id = id AND r.status = 'queued';
    -- What failed is tried now, not at the next due instant.
    IF (SELECT r.status FROM cdp_data.feed_run r WHERE r.feed_id = id AND r.since IS NULL ORDER BY r.feed_run_id DESC LIMIT 1) = 'failed' THEN
        PERFORM cdp._queue_run(id, 'by hand', instant, 0, NULL, NULL, instant);
    END IF;
    RETURN CASE WHEN feed.paused_at IS NULL AND feed.circuit_open_until IS NULL AND feed.failures = 0 THEN format('feed %s was not stopped', quote_literal(name))
                ELSE format('feed %s goes on', quote_literal(name)) END;
END
$$;
COMMENT ON FUNCTION cdp.resume_feed(text, timestamptz) IS 'Lets a feed go on that is paused or whose circuit is open, and tries at once what failed last. Example: SELECT cdp.resume_feed(''crm'');';

CREATE FUNCTION cdp.remove_feed(name text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    id CONSTANT int := cdp._feed_id(name);
    stranded text;
BEGIN
    SELECT string_agg(quote_literal(f.name), ', ' ORDER BY f.name COLLATE "C") INTO stranded
    FROM cdp_data.feed_dependency d JOIN cdp_data.feed f USING (feed_id)
    WHERE d.depends_on = id AND f.every IS NULL AND f.at_times IS NULL AND (SELECT count(*) FROM cdp_data.feed_dependency o WHERE o.feed_id = d.feed_id) = 1;
    IF stranded IS NOT NULL THEN
        RAISE EXCEPTION USING ERRCODE = 'dependent_objects_still_exist', MESSAGE = format('the feed %L cannot be removed', name),
            DETAIL = format('%s would never run again: it runs only after this one.', stranded),
            HINT = format('First give it times of its own: SELECT cdp.change_feed(%s, every => ''1 hour''); or remove it too.', split_part(stranded, ', ', 1));
    END IF;
    DELETE FROM cdp_data.feed f WHERE f.feed_id = id;
    RETURN format('feed %s is removed, with the history of its runs', quote_literal(name));
END
$$;
COMMENT ON FUNCTION cdp.remove_feed(text) IS 'Removes a feed and the rows of its runs; what it brought stays. Example: SELECT cdp.remove_feed(''crm'');';

CREATE FUNCTION cdp._queue_run(feed_id int, cause text, due_at timestamptz, missed int, since timestamptz, until timestamptz, instant timestamptz) RETURNS bigint
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO cdp_data.feed_run AS r (feed_id, cause, due_at, missed, since, until, not_before, queued_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
    ON CONFLICT (feed_id, coalesce(since, '-infinity'::timestamptz), coalesce(until, '-infinity'::timestamptz)) WHERE status IN ('queued', 'running')
    DO UPDATE SET due_at = greatest(r.due_at, EXCLUDED.due_at),
        missed = r.missed + CASE WHEN EXCLUDED.due_at > r.due_at THEN 1 + EXCLUDED.missed ELSE 0 END
    RETURNING r.feed_run_id
$$;
COMMENT ON FUNCTION cdp._queue_run(int, text, timestamptz, int, timestamptz, timestamptz, timestamptz) IS 'Internal. Queues a run, or lets the one that waits already stand for it as well.';

CREATE FUNCTION cdp.queue_feed(name text, as_of timestamptz DEFAULT NULL) RETURNS bigint
LANGUAGE sql SET search_path = pg_catalog, pg_temp AS $$
    SELECT cdp._queue_run(cdp._feed_id(name), 'by hand', coalesce(as_of, now()), 0, NULL, NULL, coalesce(as_of, now()))
$$;
COMMENT ON FUNCTION cdp.queue_feed(text, timestamptz) IS 'Queues a run of a feed for the next cdp.run_due(), whenever it is due; returns its number in cdp_data.feed_run. Example: SELECT cdp.queue_feed(''crm''); CALL cdp.run_due();';

CREATE FUNCTION cdp.backfill_feed(name text, since timestamptz, until timestamptz, step interval DEFAULT NULL, as_of timestamptz DEFAULT NULL)
RETURNS TABLE (feed_run_id bigint, since_at timestamptz, until_at timestamptz)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    id CONSTANT int := cdp._feed_id(name);
    work CONSTANT text := (SELECT f.work FROM cdp_data.feed f WHERE f.feed_id = id);
BEGIN
    IF since IS NULL OR until IS NULL OR since >= until OR NOT isfinite(since) OR NOT isfinite(until) THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = 'a window needs a begin and a later end', DETAIL = format('since is %s, until %s.', coalesce(since::text, 'NULL'), coalesce(until::text, 'NULL')),
            HINT = format('For example: SELECT * FROM cdp.backfill_feed(%L, since => ''2026-03-01'', until => ''2026-04-01'', step => ''1 day'');', name);
    ELSIF work <> 'ingest' THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('only a source can be filled back; the feed %L is %s', name, work),
            DETAIL = 'The other stages work on all that was read.', HINT = format('Run it whole: SELECT cdp.queue_feed(%L);', name);
    ELSIF NOT EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = 'cdp'::regnamespace AND p.proname = 'ingest' AND p.proargnames @> ARRAY['since', 'until']) THEN
        RAISE EXCEPTION USING ERRCODE = 'feature_not_supported', MESSAGE = 'this version of cdp cannot read a window of a source',
            DETAIL = 'cdp.ingest() has no arguments since and until.', HINT = format('Read the whole source: SELECT cdp.queue_feed(%L);', name);
    ELSIF step <= interval '0' OR extract(epoch FROM until - since) / extract(epoch FROM step) > 1000 THEN
        RAISE EXCEPTION USING ERRCODE = 'invalid_parameter_value', MESSAGE = format('step cannot be %s', step),
            DETAIL = 'It cuts the window into at most 1000 pieces.', HINT = format('For example: SELECT * FROM cdp.backfill_feed(%L, since => %L, until => %L, step => ''1 day'');', name, since, until);
    END IF;
    since_at := since;
    WHILE since_at < until LOOP
        until_at := least(coalesce(since_at + step, until), until);
        feed_run_id := cdp._queue_run(id, 'backfill', since_at, 0, since_at, until_at, coalesce(as_of, now()));
        RETURN NEXT;
        since_at := until_at;
    END LOOP;
END
$$;
COMMENT ON FUNCTION cdp.backfill_feed(text, timestamptz, timestamptz, interval, timestamptz) IS
'Queues the reading of one window of a source once more, from since up to, without, until; step cuts it into runs of their own, each restartable by itself. The regular runs go first. Example: SELECT * FROM cdp.backfill_feed(''shop'', since => ''2026-03-01'', until => ''2026-04-01'', step => ''1 day'');';

CREATE FUNCTION cdp.add_default_feeds(every interval DEFAULT '1 hour', fresh_within interval DEFAULT NULL, as_of timestamptz DEFAULT NULL)
RETURNS TABLE (feed text, work text, next_due timestamptz, note text)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    item record;
    has_enrichments boolean := false;
BEGIN
    PERFORM cdp._require_store();
    IF to_regclass('cdp_data.enrichment') IS NOT NULL THEN EXECUTE 'SELECT EXISTS (SELECT FROM cdp_data.enrichment)' INTO has_enrichments; END IF;
    FOR item IN
        SELECT s.name, 'ingest' AS work, s.source_id, NULL AS after FROM cdp_data.source s WHERE s.is_active
        UNION ALL SELECT w.work, w.work, NULL, lag(w.work) OVER (ORDER BY w.n)
        FROM unnest('{resolve,profiles,enrich,segments}'::text[]) WITH ORDINALITY AS w(work, n) WHERE w.work <> 'enrich' OR has_enrichments
        ORDER BY source_id
    LOOP
        feed := item.name; work := item.work; next_due := NULL; note := NULL;
        IF EXISTS (SELECT FROM cdp_data.feed f WHERE f.work = item.work AND f.source_id IS NOT DISTINCT FROM item.source_id) THEN
            SELECT f.name, f.next_due_at, 'was there' INTO feed, next_due, note FROM cdp_data.feed f
            WHERE f.work = item.work AND f.source_id IS NOT DISTINCT FROM item.source_id ORDER BY f.feed_id LIMIT 1;
        ELSE
            IF EXISTS (SELECT FROM cdp_data.feed f WHERE f.name = feed) THEN feed := left(item.work || ' ' || item.name, 100); END IF;
            IF item.work = 'ingest' THEN
                next_due := cdp.add_feed(feed, 'ingest', source => item.name, every => every, fresh_within => fresh_within, as_of => as_of);
            ELSE
                -- One source out of order must not stop the others; its alert says so.
                next_due := cdp.add_feed(feed, item.work,
                    every => CASE WHEN item.work = 'resolve' AND NOT EXISTS (SELECT FROM cdp_data.feed f WHERE f.work = 'ingest') THEN every END,
                    depends_on => ARRAY(SELECT f.name FROM cdp_data.feed f WHERE f.work = coalesce(item.after, 'ingest')),
                    fresh_within => fresh_within, on_failure => CASE item.work WHEN 'resolve' THEN 'go_on' ELSE 'wait' END, as_of => as_of);
            END IF;
            note := 'added';
        END IF;
        -- A source that was added later is resolved, too.
        IF item.work = 'resolve' THEN
            INSERT INTO cdp_data.feed_dependency (feed_id, depends_on)
            SELECT r.feed_id, i.feed_id FROM cdp_data.feed r, cdp_data.feed i WHERE r.name = feed AND i.work = 'ingest' ON CONFLICT DO NOTHING;
        END IF;
        RETURN NEXT;
    END LOOP;
END
$$;
COMMENT ON FUNCTION cdp.add_default_feeds(interval, interval, timestamptz) IS
'A feed for every active source, and resolve, profiles, enrich (where there are enrichments) and segments after them; those that exist already are left alone, so it can be called again for new sources. A source that comes late brings about the rest once more; while one fails, the others are resolved all the same. One row per feed. Example: SELECT * FROM cdp.add_default_feeds(every => ''1 hour'');';
