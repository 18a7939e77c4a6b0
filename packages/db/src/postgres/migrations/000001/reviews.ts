/** What garbage collection decides, and the failures of logins: each one function, since it would be many round trips. */
export const reviewFunctions = `
  CREATE FUNCTION sweep_locator(p_locator text, p_size bigint, p_kind text, p_now bigint, p_forget_before bigint)
  RETURNS boolean LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM lock_locator(p_locator);
    IF EXISTS (SELECT 1 FROM blobs WHERE locator = p_locator) OR EXISTS (SELECT 1 FROM upload_pieces WHERE locator = p_locator)
      OR EXISTS (SELECT 1 FROM blob_trash WHERE locator = p_locator) THEN RETURN false; END IF;
    DELETE FROM swept_locators WHERE locator IN (SELECT locator FROM swept_locators WHERE swept_at < p_forget_before
      FOR UPDATE SKIP LOCKED);
    INSERT INTO swept_locators (locator, swept_at) VALUES (p_locator, p_now) ON CONFLICT DO NOTHING;
    INSERT INTO blob_trash (locator, size, attempts, kind, trashed_at) VALUES (p_locator, p_size, 0, p_kind, p_now)
    ON CONFLICT DO NOTHING;
    RETURN true;
  END $$;

  -- Decides on blobs whose review is due, each in this order: referenced, leased, garbage. It waits for no push: what one has
  -- locked is left for the next call. The foreign keys have the last word on whether a blob may go.
  CREATE FUNCTION review_garbage(p_now bigint, p_limit bigint, p_most bigint)
  RETURNS TABLE (reviewed bigint, "blobsRemoved" bigint, "bytesFreed" bigint, "linksExpired" bigint) LANGUAGE plpgsql AS $$
  DECLARE
    due record;
    expired bigint;
    leased bigint;
  BEGIN
    reviewed := 0; "blobsRemoved" := 0; "bytesFreed" := 0; "linksExpired" := 0;
    FOR due IN SELECT b.id, b.locator, b.size FROM gc_queue q JOIN blobs b ON b.id = q.blob_id WHERE q.review_after <= p_now
      ORDER BY q.review_after, q.blob_id LIMIT p_limit FOR UPDATE SKIP LOCKED
    LOOP
      reviewed := reviewed + 1;
      DELETE FROM blob_links WHERE blob_id = due.id AND repository_id IN (SELECT l.repository_id FROM blob_links l
        WHERE l.blob_id = due.id AND l.leased_until <= p_now ORDER BY l.leased_until LIMIT p_most - "linksExpired"
        FOR UPDATE SKIP LOCKED);
      GET DIAGNOSTICS expired = ROW_COUNT;
      "linksExpired" := "linksExpired" + expired;
      -- The blob stays due, and the next call goes on.
      EXIT WHEN "linksExpired" >= p_most;
      IF EXISTS (SELECT 1 FROM manifest_blobs WHERE blob_id = due.id) THEN
        DELETE FROM gc_queue WHERE blob_id = due.id;
        CONTINUE;
      END IF;
      SELECT max(leased_until) INTO leased FROM blob_links WHERE blob_id = due.id;
      IF leased IS NOT NULL THEN
        UPDATE gc_queue SET review_after = leased WHERE blob_id = due.id;
        CONTINUE;
      END IF;
      BEGIN
        DELETE FROM blobs WHERE id = due.id;
        INSERT INTO blob_trash (locator, size, attempts, kind, trashed_at) VALUES (due.locator, due.size, 0, 'blob', p_now)
        ON CONFLICT DO NOTHING;
        "blobsRemoved" := "blobsRemoved" + 1;
        "bytesFreed" := "bytesFreed" + due.size;
      EXCEPTION WHEN foreign_key_violation OR restrict_violation THEN
        DELETE FROM gc_queue WHERE blob_id = due.id;
      END;
    END LOOP;
    RETURN NEXT;
  END $$;

  -- Counts a failed login if its key has what the caller knows; whether it had. Keys are locked in one order for all.
  CREATE FUNCTION count_login_failure(p_key text, p_before double precision, p_after double precision, p_others jsonb, p_now bigint)
  RETURNS boolean LANGUAGE plpgsql AS $$
  DECLARE
    failed record;
    newest bigint;
  BEGIN
    PERFORM pg_advisory_xact_lock(lock) FROM (SELECT DISTINCT hashtextextended(key, 2) AS lock FROM (
      SELECT p_key AS key UNION ALL SELECT e->>'key' FROM jsonb_array_elements(p_others) e) keys ORDER BY 1) locks;
    IF coalesce((SELECT level FROM login_failures WHERE key = p_key), 0) <> p_before THEN RETURN false; END IF;
    FOR failed IN
      -- Nothing leaks while the clock is set back.
      SELECT e->>'key' AS key, 1 + greatest(0, coalesce(
        f.level - greatest(0, p_now - f.at) / (e->>'leakMs')::double precision, 0)) AS level
      FROM jsonb_array_elements(p_others) WITH ORDINALITY o(e, n) LEFT JOIN login_failures f ON f.key = e->>'key' ORDER BY n
    LOOP
      PERFORM put_login_failure(failed.key, failed.level, p_now);
    END LOOP;
    newest := put_login_failure(p_key, p_after, p_now);
    -- What failed a day ago is forgotten, and beyond 150,000 keys what failed longest ago: more rows than one failure adds.
    DELETE FROM login_failures WHERE seq IN (SELECT seq FROM login_failures ORDER BY seq LIMIT 20 FOR UPDATE SKIP LOCKED)
      AND (at < p_now - 86400000 OR seq <= newest - 150000);
    RETURN true;
  END $$;

  -- A row that is replaced gets a new number, the highest: the order of numbers is that of the last failures.
  CREATE FUNCTION put_login_failure(p_key text, p_level double precision, p_now bigint) RETURNS bigint LANGUAGE sql AS $$
    INSERT INTO login_failures (key, level, at) VALUES (p_key, p_level, p_now)
    ON CONFLICT (key) DO UPDATE SET seq = excluded.seq, level = excluded.level, at = excluded.at RETURNING seq
  $$;
`;
