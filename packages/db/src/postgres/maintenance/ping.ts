import { RegistryError } from '@mcr/core';
import type { MetadataStore } from '../../metadata-store.ts';
import { retryAfterMs } from '../connection/errors.ts';
import type { Operation } from '../facet.ts';

/** A primary that is well answers within milliseconds; a balancer asks every few seconds. */
const maxWait = 2_000;

/** Reads a table, so that a database that has lost them shows, and asks whether the server takes writes. */
export const ping: Operation<MetadataStore['ping']> = (connection) => async () => {
  const text = 'SELECT pg_is_in_recovery() AS standby FROM versions LIMIT 1';
  const [row] = await withinTime(connection.lookUp<{ standby: boolean }>(text));
  if (row?.standby === true) throw unavailable('The database is a standby, which takes no writes');
};

async function withinTime<Result>(work: Promise<Result>): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(unavailable('The database has not responded for 2 seconds')), maxWait);
  try {
    return await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}

function unavailable(message: string): RegistryError {
  return new RegistryError('UNAVAILABLE', message, { retryAfterMs });
}
