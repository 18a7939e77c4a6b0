import type { Migration } from './migration.ts';

/**
 * A blob whose bytes are known to be damaged says so in its own row: a lookup of a blob reads it anyway, and a
 * restart forgets nothing.
 */
export const quarantine: Migration = {
  id: 5,
  name: 'quarantine',
  sql: `
    ALTER TABLE blobs ADD COLUMN damage TEXT CHECK (damage IN ('missing', 'size', 'digest', 'unreadable'));
    ALTER TABLE blobs ADD COLUMN quarantined_at INTEGER CHECK ((quarantined_at IS NULL) = (damage IS NULL));
    CREATE INDEX IF NOT EXISTS blobs_quarantined ON blobs (locator) WHERE damage IS NOT NULL;
  `,
};
