import { DatabaseError, newerSchema } from '../database-error.ts';
import { progressTable, unfinishedMove } from '../moving/progress.ts';
import { openPool, type PoolOptions } from './connection/pool.ts';
import { migrations as allMigrations } from './migrations/index.ts';
import type { Migration } from './migrations/migration.ts';

/** How long a start waits for another process that migrates, in milliseconds. */
const maxWait = 10 * 60_000;
/** What the lock of migrations is called: a number of this program's own. */
const lockKey = 0x6d63_7201;

/**
 * Brings the schema up to date, in one transaction, under a lock that one process has. Servers of the version before go on meanwhile,
 * since a migration only adds. Throws a `DatabaseError` when the schema is newer than this program, unless it says that it works with
 * it, and for a database that is not in UTF-8 or the target of an unfinished migration.
 */
export async function migrate(
  { evenUnfinished = false, ...options }: MigrateOptions,
  migrations: readonly Migration[] = allMigrations,
): Promise<void> {
  // A session of its own: locks of sessions, and statements without a limit, have no place in the pool.
  const pool = await openPool({ ...options, size: 1, statementTimeout: maxWait });
  try {
    const client = await pool.connect();
    try {
      await assertEncoding(client);
      if (!evenUnfinished) await assertMoved(client);
      const known = migrations.at(-1)?.id ?? 0;
      if ((await schemaOf(client, known)) === known) return;
      await client.query('SELECT pg_advisory_lock($1)', [lockKey]);
      try {
        await client.query('BEGIN');
        await applyMissing(client, migrations);
        await client.query('COMMIT');
      } finally {
        await client.query('ROLLBACK; SELECT pg_advisory_unlock_all()').catch(() => {});
      }
    } finally {
      client.release();
    }
  } finally {
    await pool.end();
  }
}

/**
 * Whether the schema is the one of this program, or one that works with it; a registry that has none yet gets it with its first start.
 * Throws as `migrate` does.
 */
export async function examineSchema(client: Client): Promise<boolean> {
  await assertEncoding(client);
  await assertMoved(client);
  const known = allMigrations.at(-1)?.id ?? 0;
  return (await schemaOf(client, known)) === known;
}

/** How to reach a database whose schema is brought up to date. */
export interface MigrateOptions extends PoolOptions {
  /** Whether it may be the target of an unfinished migration (default: false). */
  readonly evenUnfinished?: boolean;
}

interface Client {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
}

async function applyMissing(client: Client, migrations: readonly Migration[]): Promise<void> {
  await client.query(`CREATE TABLE IF NOT EXISTS schema_migrations (
    id bigint PRIMARY KEY, name text NOT NULL, applied_at bigint NOT NULL, works_with bigint NOT NULL)`);
  const version = await schemaOf(client, migrations.at(-1)?.id ?? 0);
  for (const { id, name, sql, worksWith } of migrations) {
    if (id <= version) continue;
    await client.query(sql);
    const values = [id, name, Date.now(), worksWith];
    await client.query(
      'INSERT INTO schema_migrations (id, name, applied_at, works_with) VALUES ($1, $2, $3, $4)',
      values,
    );
  }
}

/** The number of the schema, 0 without one, or `known` for a newer one that works with it. */
async function schemaOf(client: Client, known: number): Promise<number> {
  const { rows } = await client.query("SELECT to_regclass('schema_migrations') IS NOT NULL AS exists");
  if (rows[0]?.['exists'] !== true) return 0;
  const newest =
    'SELECT coalesce(max(id), 0) AS id, max(works_with) FILTER (WHERE id > $1) AS oldest FROM schema_migrations';
  const [found] = (await client.query(newest, [known])).rows;
  const version = Number(found?.['id']);
  if (version <= known) return version;
  if (Number(found?.['oldest']) > known) throw newerSchema(version, known);
  return known;
}

async function assertMoved(client: Client): Promise<void> {
  const { rows } = await client.query('SELECT to_regclass($1) IS NOT NULL AS exists', [progressTable]);
  if (rows[0]?.['exists'] === true) throw unfinishedMove();
}

async function assertEncoding(client: Client): Promise<void> {
  const encoding = (await client.query('SHOW server_encoding')).rows[0]?.['server_encoding'];
  if (encoding === 'UTF8') return;
  throw new DatabaseError(
    `The database is in the encoding ${String(encoding)}; create it with ENCODING 'UTF8' TEMPLATE template0`,
  );
}
