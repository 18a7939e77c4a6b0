import type { Migration } from './migration.ts';

export const registry: Migration = {
  id: 1,
  name: 'registry',
  sql: `
    CREATE TABLE IF NOT EXISTS repositories (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL UNIQUE,
      created_at INTEGER NOT NULL,
      last_push_at INTEGER
    ) STRICT;

    CREATE TABLE IF NOT EXISTS manifests (
      id INTEGER PRIMARY KEY,
      repository_id INTEGER NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
      digest TEXT NOT NULL,
      media_type TEXT NOT NULL,
      artifact_type TEXT,
      subject_digest TEXT,
      size INTEGER NOT NULL CHECK (size >= 0),
      created_at INTEGER NOT NULL,
      content BLOB NOT NULL,
      UNIQUE (repository_id, digest)
    ) STRICT;
    CREATE INDEX IF NOT EXISTS manifests_by_subject ON manifests (repository_id, subject_digest, digest)
      WHERE subject_digest IS NOT NULL;
    CREATE INDEX IF NOT EXISTS manifests_by_size ON manifests (repository_id, size);

    CREATE TABLE IF NOT EXISTS tags (
      repository_id INTEGER NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
      name TEXT NOT NULL,
      manifest_id INTEGER NOT NULL REFERENCES manifests (id) ON DELETE CASCADE,
      updated_at INTEGER NOT NULL,
      PRIMARY KEY (repository_id, name)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS tags_by_manifest ON tags (manifest_id);

    CREATE TABLE IF NOT EXISTS blobs (
      id INTEGER PRIMARY KEY,
      digest TEXT NOT NULL UNIQUE,
      size INTEGER NOT NULL CHECK (size >= 0),
      locator TEXT NOT NULL UNIQUE,
      created_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS blobs_by_size ON blobs (size);

    CREATE TABLE IF NOT EXISTS manifest_blobs (
      repository_id INTEGER NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
      blob_id INTEGER NOT NULL REFERENCES blobs (id) ON DELETE RESTRICT,
      manifest_id INTEGER NOT NULL REFERENCES manifests (id) ON DELETE CASCADE,
      PRIMARY KEY (repository_id, blob_id, manifest_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS manifest_blobs_by_blob ON manifest_blobs (blob_id);
    CREATE INDEX IF NOT EXISTS manifest_blobs_by_manifest ON manifest_blobs (manifest_id, blob_id);

    CREATE TABLE IF NOT EXISTS manifest_children (
      parent_id INTEGER NOT NULL REFERENCES manifests (id) ON DELETE CASCADE,
      child_digest TEXT NOT NULL,
      PRIMARY KEY (parent_id, child_digest)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE IF NOT EXISTS blob_links (
      repository_id INTEGER NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
      blob_id INTEGER NOT NULL REFERENCES blobs (id) ON DELETE RESTRICT,
      leased_until INTEGER NOT NULL,
      PRIMARY KEY (repository_id, blob_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS blob_links_by_blob ON blob_links (blob_id, leased_until);

    CREATE TABLE IF NOT EXISTS uploads (
      uuid TEXT NOT NULL PRIMARY KEY,
      repository_id INTEGER NOT NULL REFERENCES repositories (id) ON DELETE CASCADE,
      created_by TEXT NOT NULL,
      byte_offset INTEGER NOT NULL CHECK (byte_offset >= 0),
      sha256_at_offset TEXT,
      version INTEGER NOT NULL,
      touched_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS uploads_by_repository ON uploads (repository_id);
    CREATE INDEX IF NOT EXISTS uploads_by_touch ON uploads (touched_at, uuid);
  `,
};
