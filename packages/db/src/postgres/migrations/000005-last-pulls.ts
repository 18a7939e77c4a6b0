import type { Migration } from './migration.ts';

/** As before, and it says who set the tags. Servers of the version before call it as well, and set the same. */
const pushManifest = `
  CREATE OR REPLACE FUNCTION push_manifest(p_change text, p_repository text, p_digest text, p_media_type text, p_artifact_type text,
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
    INSERT INTO tags (repository_id, name, manifest_id, updated_at, version_key, pushed_by)
      SELECT DISTINCT repository, tag, manifest, p_now, version_key, p_event #>> '{0,actor,name}'
      FROM unnest(p_tags, p_version_keys) t(tag, version_key)
      ORDER BY tag ON CONFLICT (repository_id, name) DO UPDATE
        SET manifest_id = excluded.manifest_id, updated_at = excluded.updated_at, pushed_by = excluded.pushed_by;
    UPDATE repositories SET last_push_at = p_now WHERE id = repository AND coalesce(last_push_at, 0) < p_now;
    result := json_build_object('created', is_new);
    PERFORM end_change(p_change, result);
    PERFORM record_events(p_event);
    RETURN json_build_object('result', result);
  END $$;
`;

/** Who set a tag, and when tags and manifests were last pulled; that of manifests beside them, whose rows are wide. */
export const lastPulls: Migration = {
  id: 5,
  name: 'last-pulls',
  worksWith: 1,
  sql: `
    ALTER TABLE tags ADD COLUMN pushed_by text COLLATE "C", ADD COLUMN last_pulled_at bigint,
      ADD COLUMN last_pulled_by text COLLATE "C";
    CREATE TABLE manifest_pulls (
      manifest_id bigint PRIMARY KEY REFERENCES manifests (id) ON DELETE CASCADE,
      last_pulled_at bigint NOT NULL,
      last_pulled_by text COLLATE "C"
    ) WITH (fillfactor = 80);
    ${pushManifest}
  `,
};
