import type { Migration } from './migration.ts';

/**
 * Every combination of filters has an index whose last column is the id: a filter without a type merges the ranges of all
 * types. Periods are found by the times that each block of events spans, of which there are few.
 */
export const auditIndexes: Migration = {
  id: 14,
  name: 'audit-indexes',
  sql: `
    CREATE TABLE audit_blocks (
      block INTEGER PRIMARY KEY,
      first_at INTEGER NOT NULL,
      last_at INTEGER NOT NULL
    ) STRICT;
    INSERT INTO audit_blocks (block, first_at, last_at) SELECT id / 1024, min(at), max(at) FROM audit_log GROUP BY 1;
    DROP INDEX IF EXISTS audit_log_by_actor;
    DROP INDEX IF EXISTS audit_log_by_repository;
    CREATE INDEX audit_log_by_actor ON audit_log (actor_id, event_type) WHERE actor_id IS NOT NULL;
    CREATE INDEX audit_log_by_repository ON audit_log (repository, event_type) WHERE repository IS NOT NULL;
    CREATE INDEX audit_log_by_both ON audit_log (actor_id, repository, event_type)
      WHERE actor_id IS NOT NULL AND repository IS NOT NULL;
  `,
};
