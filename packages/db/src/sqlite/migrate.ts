import { versionKey } from '@mcr/core';
import type Sqlite from 'better-sqlite3';
import type { Connection } from './connection/connection.ts';
import { copyDatabase } from './connection/copy-database.ts';
import { DatabaseError } from './connection/errors.ts';
import { migrations as allMigrations } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';

/**
 * Brings the schema up to date, each step in a transaction of its own. A database that holds anything is copied to
 * `<path>.before-migration-<number>` first. Does nothing when there is nothing to do; throws a `DatabaseError` when the
 * schema is newer than this program.
 */
export async function migrate(connection: Connection, migrations: readonly Migration[] = allMigrations): Promise<void> {
  const { sqlite, path } = connection;
  const fresh = isEmpty(sqlite);
  sqlite.exec(`CREATE TABLE IF NOT EXISTS schema_migrations (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT`);
  rejectNewerSchema(sqlite, migrations);
  const [first] = migrations.filter(({ id }) => !isApplied(sqlite, id));
  if (first === undefined) return;
  // Migrations fill columns with what queries find there later, which is computed in one place.
  sqlite.function('version_key', { deterministic: true }, (name) => versionKey(String(name)));
  if (!fresh) await copyDatabase(connection, `${path}.before-migration-${String(first.id).padStart(6, '0')}`);
  for (const migration of migrations) apply(connection, migration);
}

/** Whether another process was faster is only certain once the write lock is held. */
function apply({ sqlite, write }: Connection, { id, name, sql }: Migration): void {
  write(() => {
    if (isApplied(sqlite, id)) return;
    sqlite.exec(sql);
    sqlite.prepare('INSERT INTO schema_migrations (id, name, applied_at) VALUES (?, ?, ?)').run(id, name, Date.now());
  });
}

function isApplied(sqlite: Sqlite.Database, id: number): boolean {
  return sqlite.prepare('SELECT 1 FROM schema_migrations WHERE id = ?').get(id) !== undefined;
}

function isEmpty(sqlite: Sqlite.Database): boolean {
  return sqlite.prepare('SELECT 1 FROM sqlite_schema').get() === undefined;
}

/** Throws a `DatabaseError` unless this is a registry's database, of a schema that this program knows or can migrate. */
export function assertKnownSchema(sqlite: Sqlite.Database): void {
  const isOurs = sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'schema_migrations'").get() !== undefined;
  if (!isOurs || !isApplied(sqlite, 1)) throw new DatabaseError('It is no database of a registry');
  rejectNewerSchema(sqlite, allMigrations);
}

function rejectNewerSchema(sqlite: Sqlite.Database, migrations: readonly Migration[]): void {
  const found = sqlite.prepare('SELECT coalesce(max(id), 0) FROM schema_migrations').pluck().get();
  assertKnownVersion(Number(found), migrations);
}

/** Throws a `DatabaseError` when a schema of this number is newer than this program. */
export function assertKnownVersion(found: number, migrations: readonly Migration[] = allMigrations): void {
  const known = migrations.at(-1)?.id ?? 0;
  if (found <= known) return;
  throw new DatabaseError(
    `The database has schema ${found}, but this version knows only ${known}; run a newer version, or restore an older copy`,
  );
}
