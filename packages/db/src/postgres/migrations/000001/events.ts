/** Changes that are tried again, and the audit log. */
export const eventFunctions = `
  -- The result of a change that was made before, as {"result": …}. Until the end of the transaction no other attempt goes on.
  CREATE FUNCTION begin_change(p_id text) RETURNS json LANGUAGE plpgsql AS $$
  BEGIN
    IF p_id IS NULL THEN RETURN NULL; END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(p_id, 0));
    RETURN (SELECT json_build_object('result', result) FROM changes WHERE id = p_id);
  END $$;

  -- Keeps the result for an hour, or until there are 100,000 newer ones.
  CREATE FUNCTION end_change(p_id text, p_result json) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    number bigint;
    moment bigint := extract(epoch FROM clock_timestamp()) * 1000;
  BEGIN
    IF p_id IS NULL THEN RETURN; END IF;
    INSERT INTO changes (id, result, at) VALUES (p_id, p_result, moment) RETURNING seq INTO number;
    IF number % 64 = 0 THEN
      DELETE FROM changes WHERE seq IN (SELECT seq FROM changes WHERE at < moment - 3600000 OR seq < number - 100000
        ORDER BY seq LIMIT 256 FOR UPDATE SKIP LOCKED);
    END IF;
  END $$;

  -- Has record_events wait for settle_events, and that for every event whose id is taken.
  CREATE FUNCTION events_lock() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 1835233794';

  -- Waits until events that have an id are visible, so that pages by id leave out none; but only for two seconds: a transaction
  -- that hangs must not keep others from writing.
  CREATE FUNCTION settle_events() RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM set_config('lock_timeout', '2000', true);
    PERFORM pg_advisory_xact_lock(events_lock());
  EXCEPTION WHEN lock_not_available THEN NULL;
  END $$;

  CREATE FUNCTION append_events(p_change text, p_events jsonb) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    IF begin_change(p_change) IS NOT NULL THEN RETURN; END IF;
    PERFORM end_change(p_change, NULL);
    PERFORM record_events(p_events);
  END $$;

  -- Last in a transaction: what it may wait for, a block's new minute or an account's new name, others have for a moment only.
  CREATE FUNCTION record_events(p_events jsonb) RETURNS void LANGUAGE plpgsql AS $$
  DECLARE
    span record;
    named record;
  BEGIN
    PERFORM pg_advisory_xact_lock_shared(events_lock());
    FOR span IN
      WITH added AS (
        INSERT INTO audit_log (at, event_type, actor_id, actor_name, repository, digest, ip, details)
        SELECT (e->>'at')::bigint, e->>'type', e->'actor'->>'id', e->'actor'->>'name', e->>'repository', e->>'digest',
          e->'actor'->>'ip', e->'details' FROM jsonb_array_elements(p_events) WITH ORDINALITY x(e, n) ORDER BY n
        RETURNING id, at)
      SELECT id / 1024 AS block, min(at) AS first_at, max(at) AS last_at FROM added GROUP BY 1 ORDER BY 1
    LOOP
      CONTINUE WHEN EXISTS (SELECT 1 FROM audit_blocks b WHERE b.block = span.block AND b.first_at <= span.first_at
        AND b.last_at >= span.last_at);
      -- To the minute, so that the next event of the block has nothing to write.
      INSERT INTO audit_blocks (block, first_at, last_at)
      VALUES (span.block, span.first_at / 60000 * 60000, span.last_at / 60000 * 60000 + 59999)
      ON CONFLICT (block) DO UPDATE SET first_at = least(audit_blocks.first_at, excluded.first_at),
        last_at = greatest(audit_blocks.last_at, excluded.last_at);
    END LOOP;
    FOR named IN
      SELECT DISTINCT ON (name) name, id FROM (SELECT e->'actor'->>'name' AS name, e->'actor'->>'id' AS id, n
        FROM jsonb_array_elements(p_events) WITH ORDINALITY x(e, n)) a
      WHERE name IS NOT NULL AND id IS NOT NULL ORDER BY name, n DESC
    LOOP
      CONTINUE WHEN EXISTS (SELECT 1 FROM actor_names a WHERE a.name = named.name AND a.id = named.id);
      INSERT INTO actor_names (name, id) VALUES (named.name, named.id) ON CONFLICT (name) DO UPDATE SET id = excluded.id;
    END LOOP;
    INSERT INTO activity (day, event_type, n, stripe)
    SELECT floor((e->>'at')::numeric / 86400000)::bigint, e->>'type', count(*), stripe() FROM jsonb_array_elements(p_events) e
    GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (day, event_type, stripe) DO UPDATE SET n = activity.n + excluded.n;
  END $$;
`;
