import { DatabaseError } from '../database-error.ts';
import { translateError } from './connection/errors.ts';
import { openPool, type PoolOptions } from './connection/pool.ts';
import { clockOffsetOf } from './maintenance/clock-offset.ts';
import { examineSchema } from './migrate.ts';

/**
 * Looks whether a start could use a database, and changes nothing: whether the schema of a registry that this program needs is there
 * already, and how many milliseconds the clock of this process is ahead of the database's. Throws a `RegistryError` `UNAVAILABLE` or a `DatabaseError` that says what is wrong.
 */
export async function examinePostgres(options: PoolOptions): Promise<{
  readonly isCurrent: boolean;
  readonly clockOffset: number;
}> {
  const pool = await openPool({ ...options, size: 1 });
  try {
    const client = await pool.connect();
    try {
      const { rows } = await client.query('SELECT pg_is_in_recovery() AS standby');
      if (rows[0]?.standby === true) {
        throw new DatabaseError('The database is a standby, which takes no writes; name the primary in database.url');
      }
      return { isCurrent: await examineSchema(client), clockOffset: await clockOffsetOf(client) };
    } finally {
      client.release(true);
    }
  } catch (error) {
    throw translateError(error);
  } finally {
    await pool.end();
  }
}
