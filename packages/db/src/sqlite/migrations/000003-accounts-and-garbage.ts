import type { Migration } from './migration.ts';

export const accountsAndGarbage: Migration = {
  id: 3,
  name: 'accounts-and-garbage',
  sql: `
    CREATE TABLE IF NOT EXISTS accounts (
      id TEXT NOT NULL PRIMARY KEY,
      username TEXT NOT NULL UNIQUE,
      type TEXT NOT NULL CHECK (type IN ('human', 'system')),
      roles TEXT NOT NULL CHECK (json_valid(roles)),
      password_hash TEXT NOT NULL,
      enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE IF NOT EXISTS revoked_tokens (
      token_id TEXT NOT NULL PRIMARY KEY,
      expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS revoked_tokens_by_expiry ON revoked_tokens (expires_at);

    CREATE TABLE IF NOT EXISTS gc_queue (
      blob_id INTEGER PRIMARY KEY REFERENCES blobs (id) ON DELETE CASCADE,
      review_after INTEGER NOT NULL,
      reason TEXT NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS gc_queue_by_due_date ON gc_queue (review_after, blob_id);

    CREATE TABLE IF NOT EXISTS blob_trash (
      locator TEXT NOT NULL PRIMARY KEY,
      size INTEGER NOT NULL,
      attempts INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE IF NOT EXISTS gc_runs (
      sequence INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      reconcile INTEGER NOT NULL CHECK (reconcile IN (0, 1)),
      trigger TEXT NOT NULL CHECK (trigger IN ('schedule', 'api')),
      state TEXT NOT NULL CHECK (state IN ('running', 'completed', 'failed')),
      started_at INTEGER NOT NULL,
      completed_at INTEGER,
      blobs_removed INTEGER NOT NULL,
      bytes_freed INTEGER NOT NULL,
      uploads_removed INTEGER NOT NULL,
      examined INTEGER NOT NULL,
      orphans_removed INTEGER NOT NULL,
      missing_files INTEGER NOT NULL,
      error TEXT
    ) STRICT;

    CREATE TABLE IF NOT EXISTS leases (
      name TEXT NOT NULL PRIMARY KEY,
      owner TEXT NOT NULL,
      fence INTEGER NOT NULL,
      until INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE IF NOT EXISTS versions (
      scope TEXT NOT NULL PRIMARY KEY,
      n INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT OR IGNORE INTO versions (scope, n) VALUES ('policy', 0), ('accounts', 0);
  `,
};
