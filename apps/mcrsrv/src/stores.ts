import { readFileSync } from 'node:fs';
import { type Config, StartError } from '@mcr/config';
import {
  type ConnectionOptions,
  type MetadataStore,
  PostgresMetadataStore,
  type PostgresOptions,
  resolveDatabasePath,
  SqliteMetadataStore,
} from '@mcr/db';
import type { BlobStore } from '@mcr/storage';
import { assertNotLost } from './lost-database.ts';
import { opening } from './start/opening.ts';

type Place = Pick<Config, 'database'>;

/** Beyond it leases, tokens and the order of events are no longer what they seem; milliseconds. */
const maxClockOffset = 5_000;

/** Where the database is, as messages about it have it: the key of the configuration, and its value without the password. */
export function databasePlace({ database }: Place): { readonly key: string; readonly name: string } {
  const { path, url } = database;
  if (url === undefined) return { key: 'database.path', name: path ?? '' };
  const { protocol, host, pathname } = new URL(url);
  const key = database.urlFile === undefined ? 'database.url' : 'database.url_file';
  return { key, name: `${protocol}//${host}${pathname}` };
}

/** The file of the database; `undefined` where it is in PostgreSQL. */
export function sqlitePath({ database }: Place): string | undefined {
  return database.url === undefined && database.path !== undefined ? resolveDatabasePath(database.path) : undefined;
}

/** How to reach the database in PostgreSQL; `undefined` where it is a file. Throws when its CA cannot be read. */
export function postgresOptions({ database }: Place): PostgresOptions | undefined {
  const { url, caCert, pool, statementTimeout } = database;
  if (url === undefined) return undefined;
  const authorities = caCert !== undefined && { caCert: readFileSync(caCert, 'utf8') };
  return { url, size: pool, statementTimeout, ...authorities };
}

/** What a store needs beside its place. */
interface StoreOptions extends ConnectionOptions, Pick<PostgresOptions, 'onRetry'> {
  /** Whether the database may be the target of an unfinished migration (default: false). */
  readonly evenUnfinished?: boolean;
}

/** The store that the configuration names. Throws a `StartError` that names the key. */
export async function openStore(
  config: Place,
  options: StoreOptions = {},
  blobs?: Pick<BlobStore, 'list'>,
): Promise<MetadataStore> {
  const { key, name } = databasePlace(config);
  return await opening(key, name, async () => {
    const path = sqlitePath(config);
    if (path !== undefined) {
      if (blobs !== undefined) await assertNotLost(path, blobs);
      return await SqliteMetadataStore.open({ path, ...options });
    }
    const { onRetry, evenUnfinished = false } = options;
    const own = { ...postgresOptions(config)!, evenUnfinished, ...(onRetry && { onRetry }) };
    const store = await PostgresMetadataStore.open(own);
    try {
      assertClock(await store.clockOffset(), key);
      return store;
    } catch (error) {
      await store.close();
      throw error;
    }
  });
}

/** Throws a `StartError` when the clock of this machine is not the database's, as far as it matters. */
export function assertClock(offset: number, key: string): void {
  if (Math.abs(offset) <= maxClockOffset) return;
  const seconds = `${Math.abs(offset / 1_000).toFixed(1)} s ${offset > 0 ? 'ahead of' : 'behind'}`;
  const message = `The clock of this machine is ${seconds} the one of the database; synchronize both, for example by NTP`;
  throw new StartError([{ key, message }]);
}
