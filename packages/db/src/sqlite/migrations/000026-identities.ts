import type { Migration } from './migration.ts';

/** People who sign in at a provider. */
export const identities: Migration = {
  id: 26,
  name: 'identities',
  sql: `
    CREATE TABLE identities (
      id TEXT PRIMARY KEY,
      provider TEXT NOT NULL,
      subject TEXT NOT NULL,
      username TEXT NOT NULL UNIQUE,
      roles TEXT NOT NULL,
      blocked INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      signed_in_at INTEGER NOT NULL,
      UNIQUE (provider, subject)
    ) STRICT;
  `,
};
