import type { Migration } from './migration.ts';

/** Owners of tokens that another service keeps can be blocked here. */
export const blockedOwners: Migration = {
  id: 29,
  name: 'blocked-owners',
  sql: `
    ALTER TABLE token_owners ADD COLUMN blocked INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX token_owners_by_name ON token_owners (username);
  `,
};
