import type { Migration } from './migration.ts';

/** What SQLite has since its schema 28: who manages a part of the repositories, and which rules such an account has written. */
export const delegations: Migration = {
  id: 6,
  name: 'delegations',
  worksWith: 1,
  sql: `
    CREATE TABLE delegations (
      id text COLLATE "C" PRIMARY KEY,
      account_id text COLLATE "C" NOT NULL,
      account_name text COLLATE "C" NOT NULL,
      pattern text COLLATE "C" NOT NULL,
      granted_by text COLLATE "C",
      granted_by_name text COLLATE "C",
      granted_at bigint NOT NULL,
      UNIQUE (account_id, pattern)
    );
    CREATE INDEX delegations_by_name ON delegations (account_name, pattern, id);
    ALTER TABLE policy_rules ADD COLUMN delegated boolean NOT NULL DEFAULT false;
  `,
};
