import type { Migration } from './migration.ts';

/**
 * Access tokens: what they may do, and hashes of their secrets, of which a rotation leaves the one before for a while. Their owners are
 * local accounts, or accounts that another service keeps, which are on record as they were when they last signed in.
 */
export const accessTokens: Migration = {
  id: 24,
  name: 'access-tokens',
  sql: `
    CREATE TABLE access_tokens (
      id TEXT NOT NULL PRIMARY KEY,
      account_id TEXT NOT NULL,
      account_name TEXT NOT NULL,
      name TEXT NOT NULL,
      secret_hash TEXT NOT NULL,
      previous_hash TEXT,
      previous_until INTEGER,
      generation INTEGER NOT NULL,
      actions TEXT NOT NULL CHECK (json_valid(actions)),
      repositories TEXT NOT NULL CHECK (json_valid(repositories)),
      scope TEXT NOT NULL CHECK (scope IN ('none', 'admin:read', 'admin:write')),
      created_by TEXT,
      created_by_name TEXT,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      rotated_at INTEGER,
      last_used_at INTEGER,
      last_used_ip TEXT
    ) STRICT;
    CREATE UNIQUE INDEX access_tokens_by_account ON access_tokens (account_id, name);
    CREATE UNIQUE INDEX access_tokens_by_secret ON access_tokens (secret_hash);
    CREATE INDEX access_tokens_by_previous ON access_tokens (previous_hash) WHERE previous_hash IS NOT NULL;
    CREATE INDEX access_tokens_by_name ON access_tokens (account_name, name, id);
    CREATE INDEX access_tokens_by_expiry ON access_tokens (expires_at);

    CREATE TABLE token_owners (
      id TEXT NOT NULL PRIMARY KEY,
      username TEXT NOT NULL,
      account_type TEXT NOT NULL,
      roles TEXT NOT NULL CHECK (json_valid(roles)),
      signed_in_at INTEGER NOT NULL
    ) STRICT;
  `,
};
