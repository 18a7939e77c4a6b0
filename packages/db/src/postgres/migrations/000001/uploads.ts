/** Upload sessions. Who ends or changes one has locked its row. */
export const uploadFunctions = `
  CREATE VIEW open_uploads AS
    SELECT u.uuid AS id, r.name AS repository, u.created_by, u.byte_offset, u.sha256_at_offset, u.version, u.touched_at,
      p.position, p.locator, p.size
    FROM uploads u JOIN repositories r ON r.id = u.repository_id
    LEFT JOIN LATERAL (SELECT * FROM upload_pieces WHERE upload = u.uuid ORDER BY position DESC LIMIT 1) p ON true;

  -- How many uploads an account has open, when it may have no more; otherwise the session is on record.
  CREATE FUNCTION create_upload(p_id text, p_repository text, p_created_by text, p_quota bigint, p_touched_since bigint,
    p_now bigint) RETURNS bigint LANGUAGE plpgsql AS $$
  DECLARE
    open bigint;
  BEGIN
    IF EXISTS (SELECT 1 FROM uploads WHERE uuid = p_id) THEN RETURN NULL; END IF;
    IF p_quota IS NOT NULL THEN
      -- Others that count do so after this one's end.
      PERFORM pg_advisory_xact_lock(hashtextextended('uploads ' || p_created_by, 0));
      SELECT count(*) INTO open FROM uploads WHERE created_by = p_created_by AND touched_at >= p_touched_since;
      IF open >= p_quota THEN RETURN open; END IF;
    END IF;
    INSERT INTO uploads (uuid, repository_id, created_by, byte_offset, version, touched_at)
    VALUES (p_id, ensure_repository(p_repository, p_now), p_created_by, 0, 0, p_now) ON CONFLICT (uuid) DO NOTHING;
    RETURN NULL;
  END $$;

  -- Whether the session is in the state that was asked for, also because this was done before and its response was lost.
  CREATE FUNCTION advance_upload(p_id text, p_version bigint, p_offset bigint, p_sha256 text, p_locator text, p_size bigint,
    p_now bigint) RETURNS boolean LANGUAGE plpgsql AS $$
  DECLARE
    last upload_pieces%ROWTYPE;
  BEGIN
    UPDATE uploads SET byte_offset = p_offset, sha256_at_offset = p_sha256, version = version + 1, touched_at = p_now
    WHERE uuid = p_id AND version = p_version;
    IF NOT FOUND THEN
      RETURN p_locator IS NOT NULL AND EXISTS (SELECT 1 FROM open_uploads u WHERE u.id = p_id AND u.version = p_version + 1
        AND u.byte_offset = p_offset AND u.locator = p_locator AND u.size = p_size);
    END IF;
    IF p_locator IS NULL THEN RETURN true; END IF;
    SELECT * INTO last FROM upload_pieces WHERE upload = p_id ORDER BY position DESC LIMIT 1;
    IF last.locator = p_locator THEN
      UPDATE upload_pieces SET size = p_size WHERE upload = p_id AND position = last.position;
      RETURN true;
    END IF;
    PERFORM assert_not_trashed(p_locator);
    INSERT INTO upload_pieces (upload, position, locator, size) VALUES (p_id, coalesce(last.position + 1, 0), p_locator, p_size);
    RETURN true;
  END $$;
`;
