import type { Migration } from './migration.ts';

/** Which store has the bytes of this database's blobs; at most one row, none until both have met. */
export const blobStoreId: Migration = {
  id: 11,
  name: 'blob-store-id',
  sql: `
    CREATE TABLE IF NOT EXISTS blob_store (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      id TEXT NOT NULL
    ) STRICT;
  `,
};
