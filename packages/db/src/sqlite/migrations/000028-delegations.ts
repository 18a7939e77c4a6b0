import type { Migration } from './migration.ts';

/** Who manages rules and tokens of a part of the repositories, and which rules such an account has written. */
export const delegations: Migration = {
  id: 28,
  name: 'delegations',
  sql: `
    CREATE TABLE delegations (
      id TEXT NOT NULL PRIMARY KEY,
      account_id TEXT NOT NULL,
      account_name TEXT NOT NULL,
      pattern TEXT NOT NULL,
      granted_by TEXT,
      granted_by_name TEXT,
      granted_at INTEGER NOT NULL,
      UNIQUE (account_id, pattern)
    ) STRICT;
    CREATE INDEX delegations_by_name ON delegations (account_name, pattern, id);
    ALTER TABLE policy_rules ADD COLUMN delegated INTEGER NOT NULL DEFAULT 0;
  `,
};
