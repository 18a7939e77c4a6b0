import type { Migration } from './migration.ts';

/** What SQLite has since its schema 24: access tokens, and their owners that another service keeps. */
export const accessTokens: Migration = {
  id: 2,
  name: 'access-tokens',
  worksWith: 1,
  sql: `
  CREATE TABLE access_tokens (
    id text COLLATE "C" PRIMARY KEY,
    account_id text COLLATE "C" NOT NULL,
    account_name text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    secret_hash text COLLATE "C" NOT NULL,
    previous_hash text COLLATE "C",
    previous_until bigint,
    generation bigint NOT NULL,
    actions jsonb NOT NULL,
    repositories jsonb NOT NULL,
    scope text COLLATE "C" NOT NULL CHECK (scope IN ('none', 'admin:read', 'admin:write')),
    created_by text COLLATE "C",
    created_by_name text COLLATE "C",
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    rotated_at bigint,
    last_used_at bigint,
    last_used_ip text COLLATE "C"
  );
  CREATE UNIQUE INDEX access_tokens_by_account ON access_tokens (account_id, name);
  CREATE UNIQUE INDEX access_tokens_by_secret ON access_tokens (secret_hash);
  CREATE INDEX access_tokens_by_previous ON access_tokens (previous_hash) WHERE previous_hash IS NOT NULL;
  CREATE INDEX access_tokens_by_name ON access_tokens (account_name, name, id);
  CREATE INDEX access_tokens_by_expiry ON access_tokens (expires_at);

  CREATE TABLE token_owners (
    id text COLLATE "C" PRIMARY KEY,
    username text COLLATE "C" NOT NULL,
    account_type text COLLATE "C" NOT NULL,
    roles jsonb NOT NULL,
    signed_in_at bigint NOT NULL
  );
`,
};
