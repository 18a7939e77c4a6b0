import type { Coordination, Lease } from '../../facets/coordination.ts';
import type { Transaction } from '../connection/transaction.ts';
import type { Operation } from '../facet.ts';

/** The clock of the database, which all processes share, in milliseconds since the epoch. */
const moment = '(extract(epoch FROM clock_timestamp()) * 1000)::bigint';

const acquire = `INSERT INTO leases (name, owner, until, fence) VALUES ($1, $2, ${moment} + $3, 1)
  ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, until = ${moment} + $3,
    fence = leases.fence + (leases.owner <> excluded.owner)::int
  WHERE leases.owner = excluded.owner OR leases.until <= ${moment}
  RETURNING name, owner, until, fence`;

/** A row outlives its lease, so that the fence never falls back; one that is free has the empty text for an owner. */
const release = `UPDATE leases SET owner = '', until = 0 WHERE name = $1 AND owner = $2`;

export const acquireLease: Operation<Coordination['acquireLease']> =
  (connection) =>
  async ({ name, owner, duration }) => {
    const [lease] = await connection.query<Lease>(acquire, [name, owner, duration]);
    return lease;
  };

/** Releases a lease within the transaction of the caller. */
export async function releaseWithin(tx: Transaction, lease: { name: string; owner: string }): Promise<void> {
  await tx.run(release, [lease.name, lease.owner]);
}

export const releaseLease: Operation<Coordination['releaseLease']> =
  (connection) =>
  async ({ name, owner }) => {
    await connection.query(release, [name, owner]);
  };

export const takeOverLeases: Operation<Coordination['takeOverLeases']> = (connection) => async (owner) => {
  await connection.query(`UPDATE leases SET owner = '', until = 0 WHERE owner <> $1`, [owner]);
};
