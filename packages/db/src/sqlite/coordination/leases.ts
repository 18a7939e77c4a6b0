import { and, eq, ne, sql } from 'drizzle-orm';
import type { Coordination } from '../../facets/coordination.ts';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../facet.ts';
import { leases } from '../schema/index.ts';

/** A row outlives its lease, so that the fence never falls back; this is the owner of one that is free. */
const unowned = '';

export const acquireLease: Operation<Coordination['acquireLease']> = ({ db, now, writeUnremembered }) => {
  return ({ name, owner, duration }) =>
    writeUnremembered(() => {
      // Within the transaction: waiting for its lock takes no time from the lease.
      const time = now();
      return db
        .insert(leases)
        .values({ name, owner, until: time + duration, fence: 1 })
        .onConflictDoUpdate({
          target: leases.name,
          set: {
            owner: sql`excluded.owner`,
            until: sql`excluded.until`,
            fence: sql`${leases.fence} + (${leases.owner} <> excluded.owner)`,
          },
          setWhere: sql`${leases.owner} = excluded.owner or ${leases.until} <= ${time}`,
        })
        .returning()
        .get();
    });
};

/** Releases a lease within the transaction of the caller. */
export function prepareReleaseLease({ db }: Pick<Connection, 'db'>): (lease: { name: string; owner: string }) => void {
  return ({ name, owner }) => {
    db.update(leases)
      .set({ owner: unowned, until: 0 })
      .where(and(eq(leases.name, name), eq(leases.owner, owner)))
      .run();
  };
}

export const releaseLease: Operation<Coordination['releaseLease']> = (connection) => {
  const release = prepareReleaseLease(connection);
  return (lease) => connection.writeUnremembered(() => release(lease));
};

export const takeOverLeases: Operation<Coordination['takeOverLeases']> = ({ db, writeUnremembered }) => {
  return (owner) => {
    writeUnremembered(() => db.update(leases).set({ owner: unowned, until: 0 }).where(ne(leases.owner, owner)).run());
  };
};
