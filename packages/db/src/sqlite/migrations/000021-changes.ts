import type { Migration } from './migration.ts';

/** What changes have returned whose caller may try them again, by their ids. The oldest rows go first. */
export const changes: Migration = {
  id: 21,
  name: 'changes',
  sql: `
    CREATE TABLE changes (
      seq INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      result TEXT,
      at INTEGER NOT NULL
    ) STRICT;
  `,
};
