import { RegistryError } from '@mcr/core';
import type { MetadataStore } from '../metadata-store.ts';
import type { Connection } from './connection/connection.ts';
import { isDamage, translateError } from './connection/errors.ts';
import { type OpenConnectionOptions, openConnection } from './connection/open-connection.ts';
import { untilUnlocked } from './connection/until-unlocked.ts';
import { migrate } from './migrate.ts';
import { operations } from './operations.ts';

/** A `MetadataStore` in one SQLite file. */
export type SqliteMetadataStore = MetadataStore;

export const SqliteMetadataStore = {
  /**
   * Opens the database at `path`, creating it when it is missing (mode 0600), and brings its schema up to date.
   * Throws a `DatabaseError` when it cannot be opened, when its schema is newer than this program, or when SQLite lacks
   * what the store relies on.
   */
  async open(options: OpenConnectionOptions): Promise<SqliteMetadataStore> {
    const connection = openConnection(options);
    try {
      await migrate(connection);
      await connection.log.durable();
      // From here on `untilUnlocked` waits, and lets other work go on; the driver would hold up the whole process.
      connection.sqlite.pragma('busy_timeout = 0');
      return bind(connection);
    } catch (error) {
      await connection.close();
      throw translateError(error);
    }
  },
};

/** All operations over one connection. Each is prepared when it is first called: all at once are a tenth of a start. */
function bind(connection: Connection): SqliteMetadataStore {
  const methods = Object.entries(operations).map(([name, operation]) => {
    let run: ((...input: unknown[]) => unknown) | undefined;
    const prepared = (...input: unknown[]): unknown => {
      run ??= operation(connection) as NonNullable<typeof run>;
      return run(...input);
    };
    return [name, asMethod(connection, prepared)];
  });
  return Object.fromEntries(methods) as SqliteMetadataStore;
}

/** What every operation has in common: what it wrote is durable, and no driver error leaves it untranslated. */
function asMethod({ sqlite, log, noteDamage }: Connection, run: (...input: unknown[]) => unknown) {
  return async (...input: unknown[]): Promise<unknown> => {
    try {
      const { commits } = log;
      const result = await untilUnlocked(async () => run(...input));
      if (log.commits !== commits) await log.durable();
      return result;
    } catch (error) {
      if (isDamage(error)) noteDamage(error);
      throw sqlite.open ? translateError(error) : closed(error);
    }
  };
}

function closed(cause: unknown): RegistryError {
  return new RegistryError('UNAVAILABLE', 'The metadata store is closed', { cause });
}
