import type { Migration } from './migration.ts';

/**
 * Who set a tag, and when tags and manifests were last pulled. That of manifests is a table beside them: in their own rows each of
 * these notes would write the content again.
 */
export const lastPulls: Migration = {
  id: 27,
  name: 'last-pulls',
  sql: `
    ALTER TABLE tags ADD COLUMN pushed_by TEXT;
    ALTER TABLE tags ADD COLUMN last_pulled_at INTEGER;
    ALTER TABLE tags ADD COLUMN last_pulled_by TEXT;
    CREATE TABLE manifest_pulls (
      manifest_id INTEGER PRIMARY KEY REFERENCES manifests (id) ON DELETE CASCADE,
      last_pulled_at INTEGER NOT NULL,
      last_pulled_by TEXT
    ) STRICT;
  `,
};
