import type { Migration } from './migration.ts';

/** People who sign in at a provider. */
export const identities: Migration = {
  id: 4,
  name: 'identities',
  worksWith: 1,
  sql: `
    CREATE TABLE identities (
      id text COLLATE "C" PRIMARY KEY,
      provider text COLLATE "C" NOT NULL,
      subject text COLLATE "C" NOT NULL,
      username text COLLATE "C" NOT NULL UNIQUE,
      roles jsonb NOT NULL,
      blocked boolean NOT NULL,
      created_at bigint NOT NULL,
      signed_in_at bigint NOT NULL,
      UNIQUE (provider, subject)
    );
  `,
};
