import { createDatabase, sharedPostgres } from '@mcr/testkit';
import pg from 'pg';
import { PostgresMetadataStore } from '../postgres-metadata-store.ts';

/** A store in a database of its own, and another session in that, as a process has that is at something else. */
export interface StoreAndSession extends AsyncDisposable {
  readonly store: PostgresMetadataStore;
  /** Of the database. */
  readonly url: string;
  /** Runs a statement in the session. */
  readonly run: (text: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>;
}

/** Opens both, on the oldest version of PostgreSQL that a registry runs on. */
export async function openStoreAndSession(): Promise<StoreAndSession> {
  const database = await createDatabase(await sharedPostgres(15));
  const store = await PostgresMetadataStore.open({ url: database.url });
  const session = new pg.Client(database.url);
  await session.connect();
  return {
    store,
    url: database.url,
    run: async (text, values = []) => (await session.query(text, [...values])).rows,
    async [Symbol.asyncDispose]() {
      await session.end();
      await store.close();
      await database[Symbol.asyncDispose]();
    },
  };
}
