import type { Migration } from './migration.ts';

/** Whose name is whose id, for filters by name: an identity provider of its own lists no accounts, and local ones go. */
export const actorNames: Migration = {
  id: 15,
  name: 'actor-names',
  sql: `
    CREATE TABLE IF NOT EXISTS actor_names (
      name TEXT NOT NULL PRIMARY KEY,
      id TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    INSERT INTO actor_names (name, id)
      SELECT actor_name, actor_id FROM audit_log
      WHERE id IN (SELECT max(id) FROM audit_log WHERE actor_id IS NOT NULL AND actor_name IS NOT NULL GROUP BY actor_name);
  `,
};
