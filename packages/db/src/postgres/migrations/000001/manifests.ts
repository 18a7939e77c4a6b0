/** A push of a manifest in one round trip, and what reads of manifests have in common. */
export const manifestFunctions = `
  -- Rows of lists; platforms that are not known now replace none, and a row that is right already is not written.
  CREATE FUNCTION keep_summary(p_manifest bigint, p_config text, p_platforms json, p_annotations json) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    IF p_annotations IS NULL THEN
      INSERT INTO manifest_summaries (manifest_id) VALUES (p_manifest) ON CONFLICT DO NOTHING;
      RETURN;
    END IF;
    INSERT INTO manifest_summaries AS s (manifest_id, config_media_type, platforms, annotations)
    VALUES (p_manifest, p_config, p_platforms, p_annotations)
    ON CONFLICT (manifest_id) DO UPDATE SET config_media_type = excluded.config_media_type,
      platforms = coalesce(excluded.platforms, s.platforms), annotations = excluded.annotations
    WHERE s.config_media_type IS DISTINCT FROM excluded.config_media_type
      OR s.annotations::text IS DISTINCT FROM excluded.annotations::text
      OR s.platforms::text IS DISTINCT FROM coalesce(excluded.platforms, s.platforms)::text;
  END $$;

  -- Locks what a repository may reference: for a blob that is new to it a figure changes, another one must only stay.
  CREATE FUNCTION lock_blobs(p_repository bigint, p_digests text[], p_now bigint, OUT ids bigint[], OUT digests text[])
  LANGUAGE plpgsql AS $$
  DECLARE
    more_ids bigint[];
    more_digests text[];
  BEGIN
    SELECT array_agg(id), array_agg(digest) INTO ids, digests FROM (
      SELECT b.id, b.digest FROM blobs b WHERE b.digest = ANY (p_digests) AND b.damage IS NULL
        AND EXISTS (SELECT 1 FROM blob_links l WHERE l.repository_id = p_repository AND l.blob_id = b.id AND l.leased_until > p_now)
        AND NOT EXISTS (SELECT 1 FROM manifest_blobs m WHERE m.repository_id = p_repository AND m.blob_id = b.id)
      ORDER BY b.id FOR NO KEY UPDATE) added;
    SELECT array_agg(id), array_agg(digest) INTO more_ids, more_digests FROM (
      SELECT b.id, b.digest FROM blobs b WHERE b.digest = ANY (p_digests) AND b.damage IS NULL
        AND EXISTS (SELECT 1 FROM manifest_blobs m WHERE m.repository_id = p_repository AND m.blob_id = b.id)
      ORDER BY b.id FOR KEY SHARE) known;
    ids := coalesce(ids, '{}') || coalesce(more_ids, '{}');
    digests := coalesce(digests, '{}') || coalesce(more_digests, '{}');
  END $$;

  CREATE FUNCTION push_manifest(p_change text, p_repository text, p_digest text, p_media_type text, p_artifact_type text,
    p_subject text, p_content bytea, p_blobs text[], p_optional text[], p_children text[], p_tags text[], p_version_keys text[],
    p_config text, p_platforms json, p_annotations json, p_review bigint, p_now bigint, p_event jsonb) RETURNS json LANGUAGE plpgsql AS $$
  DECLARE
    made json := begin_change(p_change);
    repository bigint;
    manifest bigint;
    found record;
    missing text[];
    previous bigint[];
    entry record;
    is_new boolean := false;
    result json;
  BEGIN
    IF made IS NOT NULL THEN RETURN made; END IF;
    SELECT id INTO repository FROM repositories WHERE name = p_repository FOR NO KEY UPDATE;
    SELECT * INTO found FROM lock_blobs(repository, p_blobs || p_optional, p_now);
    SELECT array_agg(digest ORDER BY n) INTO missing FROM (SELECT digest, min(n) AS n
      FROM unnest(p_blobs) WITH ORDINALITY b(digest, n) WHERE digest <> ALL (found.digests) GROUP BY 1) b;
    IF missing IS NOT NULL THEN RETURN json_build_object('missing', missing); END IF;
    IF repository IS NULL THEN
      repository := ensure_repository(p_repository, p_now);
      PERFORM 1 FROM repositories WHERE id = repository FOR NO KEY UPDATE;
    END IF;
    SELECT id INTO manifest FROM manifests WHERE repository_id = repository AND digest = p_digest;
    -- Manifests that lose their last tag; none other can tag or untag anything in the repository now.
    SELECT array_agg(DISTINCT t.manifest_id) INTO previous FROM tags t
    WHERE t.repository_id = repository AND t.name = ANY (p_tags) AND t.manifest_id IS DISTINCT FROM manifest
      AND NOT EXISTS (SELECT 1 FROM tags o WHERE o.manifest_id = t.manifest_id AND o.name <> ALL (p_tags));
    FOR entry IN
      SELECT id, bool_or(is_lost) AS is_lost FROM (SELECT blob_id AS id, true AS is_lost FROM manifest_blobs
        WHERE manifest_id = ANY (previous) UNION ALL SELECT id, false FROM unnest(found.ids) id) b GROUP BY 1 ORDER BY 1
    LOOP
      IF entry.is_lost THEN
        PERFORM queue_reviews(ARRAY[entry.id], p_review, 'tag_move');
      ELSE
        UPDATE gc_queue SET unreferenced = false WHERE blob_id = entry.id AND unreferenced;
      END IF;
    END LOOP;
    IF manifest IS NULL THEN
      is_new := true;
      INSERT INTO manifests (repository_id, digest, media_type, artifact_type, subject_digest, size, created_at, content)
      VALUES (repository, p_digest, p_media_type, p_artifact_type, p_subject, octet_length(p_content), p_now, p_content)
      RETURNING id INTO manifest;
    ELSE
      UPDATE manifests SET content = p_content WHERE id = manifest AND content <> p_content;
      DELETE FROM damaged_manifests WHERE manifest_id = manifest;
    END IF;
    PERFORM keep_summary(manifest, p_config, p_platforms, p_annotations);
    INSERT INTO manifest_blobs (repository_id, blob_id, manifest_id) SELECT repository, id, manifest FROM unnest(found.ids) id
      ORDER BY id ON CONFLICT DO NOTHING;
    INSERT INTO manifest_children (parent_id, child_digest, repository_id) SELECT DISTINCT manifest, child, repository
      FROM unnest(p_children) child ORDER BY child ON CONFLICT DO NOTHING;
    INSERT INTO tags (repository_id, name, manifest_id, updated_at, version_key)
      SELECT DISTINCT repository, tag, manifest, p_now, version_key FROM unnest(p_tags, p_version_keys) t(tag, version_key)
      ORDER BY tag ON CONFLICT (repository_id, name) DO UPDATE
        SET manifest_id = excluded.manifest_id, updated_at = excluded.updated_at;
    UPDATE repositories SET last_push_at = p_now WHERE id = repository AND coalesce(last_push_at, 0) < p_now;
    result := json_build_object('created', is_new);
    PERFORM end_change(p_change, result);
    PERFORM record_events(p_event);
    RETURN json_build_object('result', result);
  END $$;

  -- Bytes of the distinct blobs that a manifest, or the manifests that it lists, reference; of more than p_most, of the first.
  CREATE FUNCTION referenced_size(p_manifest bigint, p_repository bigint, p_most bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(b.size), 0)::bigint FROM (
      SELECT DISTINCT blob_id FROM (
        (SELECT blob_id FROM manifest_blobs WHERE manifest_id = p_manifest ORDER BY blob_id LIMIT p_most)
        UNION ALL
        (SELECT r.blob_id FROM (SELECT child_digest FROM manifest_children WHERE parent_id = p_manifest
          ORDER BY child_digest LIMIT p_most) edge
        JOIN manifests child ON child.repository_id = p_repository AND child.digest = edge.child_digest
        JOIN manifest_blobs r ON r.manifest_id = child.id LIMIT p_most)
        LIMIT p_most) reference) found
    JOIN blobs b ON b.id = found.blob_id
  $$;
`;
