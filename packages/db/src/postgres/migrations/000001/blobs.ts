/**
 * What pushes do to blobs, one function for each change. Locks are taken in one order: the repository, blobs by id, their entries in
 * the queue by id, the rest. A rejection after something was written is an exception with the code MC000 and the name of the error.
 */
export const blobFunctions = `
  CREATE FUNCTION find_repository(p_name text) RETURNS bigint LANGUAGE sql AS
    'SELECT id FROM repositories WHERE name = p_name FOR KEY SHARE';

  -- Not an upsert, which would lock the row as its deletion does.
  CREATE FUNCTION ensure_repository(p_name text, p_now bigint) RETURNS bigint LANGUAGE plpgsql AS $$
  DECLARE
    found bigint;
  BEGIN
    LOOP
      found := find_repository(p_name);
      IF found IS NOT NULL THEN RETURN found; END IF;
      INSERT INTO repositories (name, created_at) VALUES (p_name, p_now) ON CONFLICT (name) DO NOTHING RETURNING id INTO found;
      IF found IS NOT NULL THEN RETURN found; END IF;
    END LOOP;
  END $$;

  -- What records a locator and what sweeps it exclude each other until the end of the transaction.
  CREATE FUNCTION lock_locator(p_locator text) RETURNS void LANGUAGE sql AS
    $$SELECT pg_advisory_xact_lock(hashtextextended('locator ' || p_locator, 0))$$;

  CREATE FUNCTION assert_not_trashed(p_locator text) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM lock_locator(p_locator);
    IF is_trash(p_locator) THEN RAISE EXCEPTION 'trashed_bytes' USING ERRCODE = 'MC000'; END IF;
  END $$;

  CREATE FUNCTION add_trash(p_locator text, p_size bigint, p_kind text, p_now bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO blob_trash (locator, size, attempts, kind, trashed_at) VALUES (p_locator, p_size, 0, p_kind, p_now)
    ON CONFLICT DO NOTHING
  $$;

  CREATE FUNCTION extend_lease(p_repository bigint, p_blob bigint, p_until bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO blob_links (repository_id, blob_id, leased_until) VALUES (p_repository, p_blob, p_until)
    ON CONFLICT (repository_id, blob_id) DO UPDATE SET leased_until = greatest(blob_links.leased_until, excluded.leased_until)
  $$;

  -- Whether a repository's manifests reference a blob, or its lease on it has not ended.
  CREATE FUNCTION is_blob_in(p_repository bigint, p_blob bigint, p_now bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM blob_links WHERE repository_id = p_repository AND blob_id = p_blob AND leased_until > p_now)
      OR EXISTS (SELECT 1 FROM manifest_blobs WHERE repository_id = p_repository AND blob_id = p_blob)
  $$;

  CREATE FUNCTION publish_blob(p_change text, p_repository text, p_digest text, p_size bigint, p_locator text, p_upload text,
    p_version bigint, p_leased_until bigint, p_review bigint, p_now bigint, p_event jsonb) RETURNS json LANGUAGE plpgsql AS $$
  DECLARE
    made json := begin_change(p_change);
    repository bigint;
    blob blobs%ROWTYPE;
    is_new boolean := false;
    ended bigint;
    standing text;
    result json;
  BEGIN
    IF made IS NOT NULL THEN RETURN made; END IF;
    repository := ensure_repository(p_repository, p_now);
    LOOP
      SELECT * INTO blob FROM blobs WHERE digest = p_digest FOR NO KEY UPDATE;
      EXIT WHEN FOUND;
      PERFORM assert_not_trashed(p_locator);
      INSERT INTO blobs (digest, size, locator, created_at) VALUES (p_digest, p_size, p_locator, p_now)
        ON CONFLICT (digest) DO NOTHING RETURNING * INTO blob;
      is_new := FOUND;
      EXIT WHEN is_new;
    END LOOP;
    IF p_upload IS NOT NULL THEN
      DELETE FROM uploads WHERE uuid = p_upload AND version = p_version;
      GET DIAGNOSTICS ended = ROW_COUNT;
      IF ended = 0 THEN
        IF is_new OR blob.locator <> p_locator OR blob.damage IS NOT NULL THEN
          RAISE EXCEPTION 'unknown_upload' USING ERRCODE = 'MC000';
        END IF;
        RETURN json_build_object('result', json_build_object('digest', blob.digest, 'size', blob.size, 'locator', blob.locator));
      END IF;
    END IF;
    IF NOT is_new AND blob.locator <> p_locator THEN PERFORM assert_not_trashed(p_locator); END IF;
    -- What a push brings has just been verified.
    standing := CASE WHEN blob.damage IS NULL THEN blob.locator ELSE p_locator END;
    IF blob.damage IS NOT NULL THEN
      UPDATE blobs SET locator = p_locator, damage = NULL, quarantined_at = NULL WHERE id = blob.id;
    END IF;
    IF blob.locator <> standing THEN PERFORM add_trash(blob.locator, blob.size, 'blob', p_now); END IF;
    PERFORM extend_lease(repository, blob.id, p_leased_until);
    PERFORM queue_reviews(ARRAY[blob.id], p_review, 'publish');
    result := json_build_object('digest', blob.digest, 'size', blob.size, 'locator', standing);
    PERFORM end_change(p_change, result);
    PERFORM record_events(jsonb_set(p_event, '{0,details,size}', to_jsonb(blob.size::text)));
    RETURN json_build_object('result', result);
  END $$;

  CREATE FUNCTION claim_blob(p_repository text, p_digest text, p_leased_until bigint, p_now bigint)
  RETURNS TABLE (digest text, size bigint, locator text) LANGUAGE plpgsql AS $$
  DECLARE
    repository bigint := find_repository(p_repository);
    blob blobs%ROWTYPE;
  BEGIN
    SELECT * INTO blob FROM blobs b WHERE b.digest = p_digest AND b.damage IS NULL FOR KEY SHARE;
    -- Garbage collection may have come in between.
    IF blob.id IS NULL OR NOT is_blob_in(repository, blob.id, p_now) THEN RETURN; END IF;
    PERFORM extend_lease(repository, blob.id, p_leased_until);
    UPDATE gc_queue SET review_after = p_leased_until WHERE blob_id = blob.id AND review_after < p_leased_until;
    RETURN QUERY SELECT blob.digest, blob.size, blob.locator;
  END $$;

  CREATE FUNCTION mount_blob(p_change text, p_from text, p_repository text, p_digest text, p_leased_until bigint, p_review bigint,
    p_now bigint, p_event jsonb) RETURNS json LANGUAGE plpgsql AS $$
  DECLARE
    made json := begin_change(p_change);
    source bigint;
    repository bigint;
    blob blobs%ROWTYPE;
    result json;
  BEGIN
    IF made IS NOT NULL THEN RETURN made; END IF;
    SELECT id INTO source FROM repositories WHERE name = p_from;
    SELECT * INTO blob FROM blobs b WHERE b.digest = p_digest AND b.damage IS NULL;
    IF blob.id IS NULL OR NOT coalesce(is_blob_in(source, blob.id, p_now), false) THEN RETURN NULL; END IF;
    repository := ensure_repository(p_repository, p_now);
    PERFORM 1 FROM blobs b WHERE b.id = blob.id AND b.damage IS NULL AND b.locator = blob.locator FOR NO KEY UPDATE;
    IF NOT FOUND OR NOT is_blob_in(source, blob.id, p_now) THEN
      RAISE EXCEPTION 'The blob has changed' USING ERRCODE = 'serialization_failure';
    END IF;
    PERFORM extend_lease(repository, blob.id, p_leased_until);
    PERFORM queue_reviews(ARRAY[blob.id], p_review, 'mount');
    result := json_build_object('digest', blob.digest, 'size', blob.size, 'locator', blob.locator);
    PERFORM end_change(p_change, result);
    PERFORM record_events(p_event);
    RETURN json_build_object('result', result);
  END $$;
`;
