import { DatabaseError, newerSchema } from '../database-error.ts';
import { migrations as postgresMigrations } from '../postgres/migrations/index.ts';
import { migrations as sqliteMigrations } from '../sqlite/migrations/index.ts';
import type { MovingDatabase } from './moving-database.ts';

/** Throws a `DatabaseError` unless a database has the schema of this version, whose tables are those that move. */
export async function assertCurrentSchema(database: MovingDatabase): Promise<void> {
  const known = (database.dialect === 'sqlite' ? sqliteMigrations : postgresMigrations).at(-1)?.id ?? 0;
  const hasAny = (await database.columns()).has('schema_migrations');
  const newest = 'SELECT coalesce(max(id), 0) AS id FROM schema_migrations';
  const found = hasAny ? (await database.read((session) => session.query<{ id: number }>(newest)))[0]?.id : undefined;
  if (found === undefined) throw new DatabaseError('There is no registry in the database');
  if (found > known) throw newerSchema(found, known);
  if (found === known) return;
  throw new DatabaseError(`The database has schema ${found}, and this version ${known}; start this version on it once`);
}

/** Id of the store that has the bytes, as a database knows it; `undefined` when no server has started on it. */
export async function storeIdOf(database: MovingDatabase): Promise<string | undefined> {
  const rows = await database.read((session) => session.query<{ id: string }>('SELECT id FROM blob_store'));
  return rows[0]?.id;
}
