import { eq, sql } from 'drizzle-orm';
import type { Coordination, Versions } from '../../facets/coordination.ts';
import type { Connection } from '../connection/connection.ts';
import { remember } from '../connection/remember.ts';
import type { Operation } from '../facet.ts';
import { versions as versionRows } from '../schema/index.ts';

/** Lets other processes know that what they cached of a scope is stale; runs in the transaction of the change. */
export type BumpVersion = (scope: keyof Versions) => void;

export function prepareBumpVersion({ db }: Connection): BumpVersion {
  const statement = db
    .update(versionRows)
    .set({ n: sql`${versionRows.n} + 1` })
    .where(eq(versionRows.scope, sql.placeholder('scope')))
    .prepare();
  return (scope) => void statement.run({ scope });
}

export function prepareReadVersions({ db }: Connection): () => Versions {
  const statement = db.select().from(versionRows).prepare();
  return () => {
    const counters = new Map(statement.all().map(({ scope, n }) => [scope, n]));
    return { policy: counters.get('policy') ?? 0, accounts: counters.get('accounts') ?? 0 };
  };
}

export const versions: Operation<Coordination['versions']> = (connection) =>
  remember(connection, { keyOf: () => '' }, prepareReadVersions(connection));
