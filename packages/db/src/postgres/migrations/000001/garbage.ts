/** The queue of garbage collection and the trash, with what is pending in them. */
export const garbageFunctions = `
  CREATE FUNCTION review_queued() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    NEW.size := (SELECT size FROM blobs WHERE id = NEW.blob_id);
    NEW.unreferenced := NOT EXISTS (SELECT 1 FROM manifest_blobs WHERE blob_id = NEW.blob_id);
    RETURN NEW;
  END $$;
  CREATE TRIGGER review_queued BEFORE INSERT ON gc_queue FOR EACH ROW EXECUTE FUNCTION review_queued();

  CREATE FUNCTION count_pending(p_place text, p_blobs bigint, p_bytes bigint) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    IF coalesce(p_blobs, 0) = 0 AND coalesce(p_bytes, 0) = 0 THEN RETURN; END IF;
    UPDATE pending_garbage SET blobs = blobs + p_blobs, bytes = bytes + p_bytes WHERE place = p_place AND stripe = stripe();
  END $$;

  CREATE FUNCTION reviews_added() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM count_pending('queue', count(*), sum(size)::bigint) FROM added WHERE unreferenced;
    RETURN NULL;
  END $$;
  CREATE TRIGGER reviews_added AFTER INSERT ON gc_queue REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_added();
  CREATE FUNCTION reviews_removed() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM count_pending('queue', -count(*), -sum(size)::bigint) FROM removed WHERE unreferenced;
    RETURN NULL;
  END $$;
  CREATE TRIGGER reviews_removed AFTER DELETE ON gc_queue REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_removed();
  CREATE FUNCTION reviews_changed() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM count_pending('queue', sum(n)::bigint, sum(n * size)::bigint) FROM (
      SELECT 1 AS n, size FROM added WHERE unreferenced UNION ALL SELECT -1, size FROM removed WHERE unreferenced) changed;
    RETURN NULL;
  END $$;
  CREATE TRIGGER reviews_changed AFTER UPDATE ON gc_queue REFERENCING OLD TABLE AS removed NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_changed();

  CREATE FUNCTION trash_added() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM count_pending('trash', count(*), sum(size)::bigint) FROM added WHERE kind <> 'piece';
    RETURN NULL;
  END $$;
  CREATE TRIGGER trash_added AFTER INSERT ON blob_trash REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION trash_added();
  CREATE FUNCTION trash_removed() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM count_pending('trash', -count(*), -sum(size)::bigint) FROM removed WHERE kind <> 'piece';
    RETURN NULL;
  END $$;
  CREATE TRIGGER trash_removed AFTER DELETE ON blob_trash REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION trash_removed();

  -- Of two due dates the later wins. The caller has locked the blobs.
  CREATE FUNCTION queue_reviews(p_blobs bigint[], p_due bigint, p_reason text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO gc_queue (blob_id, review_after, reason) SELECT DISTINCT blob, p_due, p_reason FROM unnest(p_blobs) blob ORDER BY 1
    ON CONFLICT (blob_id) DO UPDATE
      SET review_after = greatest(gc_queue.review_after, excluded.review_after), reason = excluded.reason
  $$;

  -- Whether bytes are trash, or were: what is trash never comes back.
  CREATE FUNCTION is_trash(p_locator text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM swept_locators WHERE locator = p_locator)
      OR EXISTS (SELECT 1 FROM blob_trash WHERE locator = p_locator)
  $$;
`;
