import type { Migration } from './migration.ts';

/**
 * Manifests whose content is known to be damaged. A table of its own, since a column behind the content would have every
 * look-up walk the content's pages.
 */
export const damagedManifests: Migration = {
  id: 7,
  name: 'damaged-manifests',
  sql: `
    CREATE TABLE IF NOT EXISTS damaged_manifests (
      manifest_id INTEGER PRIMARY KEY REFERENCES manifests (id) ON DELETE CASCADE,
      quarantined_at INTEGER NOT NULL
    ) STRICT;
  `,
};
