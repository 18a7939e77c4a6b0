import type { Migration } from './migration.ts';

/** Ids are AUTOINCREMENT, since audit events name rules by id and cursors name events by id: none may come back. */
export const policyAndAudit: Migration = {
  id: 2,
  name: 'policy-and-audit',
  sql: `
    CREATE TABLE IF NOT EXISTS policy_rules (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      priority INTEGER NOT NULL,
      description TEXT NOT NULL,
      effect TEXT NOT NULL CHECK (effect IN ('allow', 'deny')),
      roles TEXT NOT NULL CHECK (json_valid(roles)),
      account_types TEXT NOT NULL CHECK (json_valid(account_types)),
      subject TEXT,
      actions TEXT NOT NULL CHECK (json_valid(actions)),
      repositories TEXT NOT NULL CHECK (json_valid(repositories)),
      enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
      created_by TEXT,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS policy_rules_by_priority ON policy_rules (priority, id);

    CREATE TABLE IF NOT EXISTS audit_log (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      at INTEGER NOT NULL,
      event_type TEXT NOT NULL,
      actor_id TEXT,
      actor_name TEXT,
      repository TEXT,
      digest TEXT,
      ip TEXT,
      details TEXT NOT NULL CHECK (json_valid(details))
    ) STRICT;
    CREATE INDEX IF NOT EXISTS audit_log_by_time ON audit_log (at, id);
    CREATE INDEX IF NOT EXISTS audit_log_by_type ON audit_log (event_type, id);
    CREATE INDEX IF NOT EXISTS audit_log_by_actor ON audit_log (actor_id, id) WHERE actor_id IS NOT NULL;
    CREATE INDEX IF NOT EXISTS audit_log_by_repository ON audit_log (repository, id) WHERE repository IS NOT NULL;
  `,
};
