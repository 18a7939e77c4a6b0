/**
 * What is counted when it changes, as in SQLite. A statement is counted once, with all of its rows, and every row that is written
 * for it is either locked by the change already (its repository, its blobs) or its process's own stripe: none waits for another.
 */
export const figures = `
  CREATE FUNCTION stripe() RETURNS bigint LANGUAGE sql STABLE AS 'SELECT pg_backend_pid()::bigint % 1024';

  CREATE FUNCTION manifests_added() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE repositories r SET total_size = total_size + a.size, manifest_count = manifest_count + a.n
    FROM (SELECT repository_id, sum(size)::bigint AS size, count(*) AS n FROM added GROUP BY 1) a WHERE r.id = a.repository_id;
    RETURN NULL;
  END $$;
  CREATE TRIGGER manifests_added AFTER INSERT ON manifests REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION manifests_added();

  CREATE FUNCTION manifests_removed() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE repositories r SET total_size = total_size - a.size, manifest_count = manifest_count - a.n
    FROM (SELECT repository_id, sum(size)::bigint AS size, count(*) AS n FROM removed GROUP BY 1) a WHERE r.id = a.repository_id;
    RETURN NULL;
  END $$;
  CREATE TRIGGER manifests_removed AFTER DELETE ON manifests REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION manifests_removed();

  CREATE FUNCTION tags_added() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE repositories r SET tag_count = tag_count + a.n
    FROM (SELECT repository_id, count(*) AS n FROM added GROUP BY 1) a WHERE r.id = a.repository_id;
    RETURN NULL;
  END $$;
  CREATE TRIGGER tags_added AFTER INSERT ON tags REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION tags_added();

  CREATE FUNCTION tags_removed() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE repositories r SET tag_count = tag_count - a.n
    FROM (SELECT repository_id, count(*) AS n FROM removed GROUP BY 1) a WHERE r.id = a.repository_id;
    RETURN NULL;
  END $$;
  CREATE TRIGGER tags_removed AFTER DELETE ON tags REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION tags_removed();

  -- A blob that a statement brought into a repository counts there, and is no longer the only one's if it had one.
  CREATE FUNCTION references_added() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NOT EXISTS (SELECT 1 FROM added) THEN RETURN NULL; END IF;
    WITH first AS (
      SELECT DISTINCT a.repository_id, a.blob_id FROM added a WHERE NOT EXISTS (
        SELECT 1 FROM manifest_blobs m WHERE m.repository_id = a.repository_id AND m.blob_id = a.blob_id AND NOT EXISTS (
          SELECT 1 FROM added x WHERE x.repository_id = m.repository_id AND x.blob_id = m.blob_id AND x.manifest_id = m.manifest_id))
    ), counted AS (
      UPDATE blobs b SET repository_count = repository_count + 1 FROM first f WHERE b.id = f.blob_id
      RETURNING f.repository_id, b.id, b.size, b.repository_count
    ), own AS (
      UPDATE repositories r SET total_size = r.total_size + c.size, unique_size = r.unique_size + c.unique_size,
        unique_blobs = r.unique_blobs + c.unique_blobs
      FROM (SELECT repository_id, sum(size)::bigint AS size, count(*) FILTER (WHERE repository_count = 1) AS unique_blobs,
        coalesce(sum(size) FILTER (WHERE repository_count = 1), 0)::bigint AS unique_size FROM counted GROUP BY 1) c
      WHERE r.id = c.repository_id
    )
    INSERT INTO figure_changes (repository_id, unique_size, unique_blobs)
    SELECT o.repository_id, -sum(c.size)::bigint, -count(*) FROM counted c CROSS JOIN LATERAL (
      SELECT m.repository_id FROM manifest_blobs m WHERE m.blob_id = c.id AND m.repository_id <> c.repository_id LIMIT 1) o
    WHERE c.repository_count = 2 GROUP BY 1;
    UPDATE gc_queue q SET unreferenced = false FROM (SELECT DISTINCT blob_id FROM added) a
    WHERE q.blob_id = a.blob_id AND q.unreferenced;
    RETURN NULL;
  END $$;
  CREATE TRIGGER references_added AFTER INSERT ON manifest_blobs REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION references_added();

  CREATE FUNCTION references_removed() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF NOT EXISTS (SELECT 1 FROM removed) THEN RETURN NULL; END IF;
    WITH last AS (
      SELECT DISTINCT a.repository_id, a.blob_id FROM removed a WHERE NOT EXISTS (
        SELECT 1 FROM manifest_blobs m WHERE m.repository_id = a.repository_id AND m.blob_id = a.blob_id)
    ), counted AS (
      UPDATE blobs b SET repository_count = repository_count - 1 FROM last l WHERE b.id = l.blob_id
      RETURNING l.repository_id, b.id, b.size, b.repository_count
    ), own AS (
      UPDATE repositories r SET total_size = r.total_size - c.size, unique_size = r.unique_size - c.unique_size,
        unique_blobs = r.unique_blobs - c.unique_blobs
      FROM (SELECT repository_id, sum(size)::bigint AS size, count(*) FILTER (WHERE repository_count = 0) AS unique_blobs,
        coalesce(sum(size) FILTER (WHERE repository_count = 0), 0)::bigint AS unique_size FROM counted GROUP BY 1) c
      WHERE r.id = c.repository_id
    )
    INSERT INTO figure_changes (repository_id, unique_size, unique_blobs)
    SELECT o.repository_id, sum(c.size)::bigint, count(*) FROM counted c CROSS JOIN LATERAL (
      SELECT m.repository_id FROM manifest_blobs m WHERE m.blob_id = c.id LIMIT 1) o
    WHERE c.repository_count = 1 GROUP BY 1;
    UPDATE gc_queue q SET unreferenced = true FROM (SELECT DISTINCT blob_id FROM removed) a
    WHERE q.blob_id = a.blob_id AND NOT q.unreferenced
      AND NOT EXISTS (SELECT 1 FROM manifest_blobs m WHERE m.blob_id = a.blob_id);
    RETURN NULL;
  END $$;
  CREATE TRIGGER references_removed AFTER DELETE ON manifest_blobs REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION references_removed();

  CREATE FUNCTION repositories_counted() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF TG_OP = 'INSERT' THEN
      UPDATE totals SET repositories = repositories + 1 WHERE id = stripe();
    ELSIF NEW.deleted_at IS NOT NULL THEN
      UPDATE totals SET repositories = repositories - 1, tags = tags - OLD.tag_count,
        manifests = manifests - OLD.manifest_count, referenced_bytes = referenced_bytes - OLD.total_size WHERE id = stripe();
    ELSE
      UPDATE totals SET tags = tags + NEW.tag_count - OLD.tag_count,
        manifests = manifests + NEW.manifest_count - OLD.manifest_count,
        referenced_bytes = referenced_bytes + NEW.total_size - OLD.total_size WHERE id = stripe();
    END IF;
    RETURN NULL;
  END $$;
  CREATE TRIGGER repository_added AFTER INSERT ON repositories FOR EACH ROW EXECUTE FUNCTION repositories_counted();
  CREATE TRIGGER repository_changed AFTER UPDATE ON repositories FOR EACH ROW
    WHEN (OLD.deleted_at IS NULL AND (NEW.deleted_at IS NOT NULL OR
      (OLD.tag_count, OLD.manifest_count, OLD.total_size) <> (NEW.tag_count, NEW.manifest_count, NEW.total_size)))
    EXECUTE FUNCTION repositories_counted();

  CREATE FUNCTION blobs_counted() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    IF TG_OP = 'INSERT' THEN
      UPDATE totals SET blobs = blobs + 1, blob_bytes = blob_bytes + NEW.size WHERE id = stripe();
    ELSIF TG_OP = 'DELETE' THEN
      UPDATE totals SET blobs = blobs - 1, blob_bytes = blob_bytes - OLD.size,
        quarantined = quarantined - (OLD.damage IS NOT NULL)::int WHERE id = stripe();
    ELSE
      UPDATE totals SET quarantined = quarantined + (NEW.damage IS NOT NULL)::int - (OLD.damage IS NOT NULL)::int
      WHERE id = stripe();
    END IF;
    RETURN NULL;
  END $$;
  CREATE TRIGGER blob_counted AFTER INSERT OR DELETE ON blobs FOR EACH ROW EXECUTE FUNCTION blobs_counted();
  CREATE TRIGGER blob_judged AFTER UPDATE OF damage ON blobs FOR EACH ROW
    WHEN ((OLD.damage IS NULL) <> (NEW.damage IS NULL)) EXECUTE FUNCTION blobs_counted();

  CREATE FUNCTION uploads_counted() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE totals SET uploads = uploads + CASE TG_OP WHEN 'INSERT' THEN 1 ELSE -1 END * (SELECT count(*) FROM counted)
    WHERE id = stripe() AND EXISTS (SELECT 1 FROM counted);
    RETURN NULL;
  END $$;
  CREATE TRIGGER uploads_added AFTER INSERT ON uploads REFERENCING NEW TABLE AS counted
    FOR EACH STATEMENT EXECUTE FUNCTION uploads_counted();
  CREATE TRIGGER uploads_removed AFTER DELETE ON uploads REFERENCING OLD TABLE AS counted
    FOR EACH STATEMENT EXECUTE FUNCTION uploads_counted();
`;
