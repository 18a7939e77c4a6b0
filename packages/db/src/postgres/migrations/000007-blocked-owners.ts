import type { Migration } from './migration.ts';

/** What SQLite has since its schema 29: owners of tokens that another service keeps can be blocked here. */
export const blockedOwners: Migration = {
  id: 7,
  name: 'blocked-owners',
  worksWith: 1,
  sql: `
    ALTER TABLE token_owners ADD COLUMN blocked boolean NOT NULL DEFAULT false;
    CREATE INDEX token_owners_by_name ON token_owners (username);
  `,
};
