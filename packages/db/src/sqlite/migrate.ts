import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { versionKey } from '@mcr/core';
import type Sqlite from 'better-sqlite3';
import { DatabaseError, newerSchema } from '../database-error.ts';
import { progressTable, unfinishedMove } from '../moving/progress.ts';
import type { Connection } from './connection/connection.ts';
import { copyDatabase } from './connection/copy-database.ts';
import { untilUnlocked } from './connection/until-unlocked.ts';
import { migrations as allMigrations } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';

/** How long a start waits for another process that migrates a large database, in milliseconds. */
const migrationTimeout = 10 * 60_000;

/**
 * Brings the schema up to date in one transaction. A database that has content is copied to
 * `<path>.before-migration-<number>` first. Of several processes one migrates, and the others wait for it. Does nothing
 * when there is nothing to do; throws a `DatabaseError` when the schema is newer than this program.
 */
export async function migrate(connection: Connection, migrations: readonly Migration[] = allMigrations): Promise<void> {
  const { sqlite } = connection;
  const createTable = `CREATE TABLE IF NOT EXISTS schema_migrations (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT`;
  await untilUnlocked(async () => sqlite.exec(createTable), migrationTimeout);
  // Migrations fill columns with what queries find there later, which is computed in one place.
  sqlite.function('version_key', { deterministic: true }, (name) => versionKey(String(name)));
  while (!(await tryMigrate(connection, migrations)));
}

/** Whether the schema is up to date now; not if another process has changed it since this one copied the database. */
async function tryMigrate(connection: Connection, migrations: readonly Migration[]): Promise<boolean> {
  const { sqlite, path, write } = connection;
  assertKnownVersion(schemaVersion(sqlite), migrations);
  const missing = migrations.filter(({ id }) => !isApplied(sqlite, id));
  const [first] = missing;
  if (first === undefined) return true;
  const place = `${path}.before-migration-${String(first.id).padStart(6, '0')}`;
  const candidate = `${place}.${randomUUID()}.partial`;
  const hasCopy = !isEmpty(sqlite);
  if (hasCopy) await copyDatabase(connection, candidate);
  const apply = (): boolean => {
    // Only the holder of the write lock knows that the copy is of the schema before.
    if (missing.some(({ id }) => isApplied(sqlite, id))) return false;
    if (hasCopy) keepCopy(candidate, place);
    for (const migration of missing) applyOne(sqlite, migration);
    return true;
  };
  try {
    return await untilUnlocked(async () => write(apply), migrationTimeout);
  } finally {
    if (hasCopy) await rm(candidate, { force: true });
  }
}

function keepCopy(candidate: string, place: string): void {
  renameSync(candidate, place);
  const directory = openSync(dirname(place), 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

function applyOne(sqlite: Sqlite.Database, { id, name, sql }: Migration): void {
  sqlite.exec(sql);
  sqlite.prepare('INSERT INTO schema_migrations (id, name, applied_at) VALUES (?, ?, ?)').run(id, name, Date.now());
}

function isApplied(sqlite: Sqlite.Database, id: number): boolean {
  return sqlite.prepare('SELECT 1 FROM schema_migrations WHERE id = ?').get(id) !== undefined;
}

function schemaVersion(sqlite: Sqlite.Database): number {
  return Number(sqlite.prepare('SELECT coalesce(max(id), 0) FROM schema_migrations').pluck().get());
}

/** Another process that starts on a new database may have made the table of migrations. */
function isEmpty(sqlite: Sqlite.Database): boolean {
  return sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE tbl_name <> 'schema_migrations'").get() === undefined;
}

/** Throws a `DatabaseError` unless this is a registry's database, of a schema that this program knows or can migrate. */
export function assertKnownSchema(sqlite: Sqlite.Database): void {
  const isOurs = sqlite.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'schema_migrations'").get() !== undefined;
  const version = isOurs ? schemaVersion(sqlite) : 0;
  if (version === 0) throw new DatabaseError('It is no database of a registry');
  assertKnownVersion(version);
}

/** Throws a `DatabaseError` when a database has not got all rows of the one that it takes the place of. */
export function assertMoved(sqlite: Pick<Sqlite.Database, 'prepare'> | DatabaseSync): void {
  const [found] = sqlite.prepare('SELECT 1 FROM sqlite_schema WHERE name = ?').all(progressTable);
  if (found !== undefined) throw unfinishedMove();
}

/** Throws a `DatabaseError` when a schema of this number is newer than this program. */
export function assertKnownVersion(found: number, migrations: readonly Migration[] = allMigrations): void {
  const known = migrations.at(-1)?.id ?? 0;
  if (found <= known) return;
  throw newerSchema(found, known);
}
