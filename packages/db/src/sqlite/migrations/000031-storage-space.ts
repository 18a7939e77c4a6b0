import type { Migration } from './migration.ts';

/**
 * How many bytes several repositories share, kept as blobs begin and cease to be shared: what one alone has is the rest. And what
 * was stored at the end of each day.
 */
export const storageSpace: Migration = {
  id: 31,
  name: 'storage-space',
  sql: `
    CREATE TABLE shared_bytes (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      bytes INTEGER NOT NULL
    ) STRICT;
    INSERT INTO shared_bytes SELECT 1, coalesce(sum(size), 0) FROM blobs WHERE repository_count > 1;
    CREATE TRIGGER blob_shared AFTER UPDATE OF repository_count ON blobs
    WHEN (new.repository_count > 1) <> (old.repository_count > 1) BEGIN
      UPDATE shared_bytes SET bytes = bytes + iif(new.repository_count > 1, new.size, -new.size);
    END;

    CREATE TABLE storage_samples (
      day INTEGER PRIMARY KEY,
      stored_bytes INTEGER NOT NULL,
      used_bytes INTEGER
    ) STRICT;
  `,
};
