import { sql } from 'drizzle-orm';
import type { Connection } from '../connection/connection.ts';
import { blobLinks } from '../schema/index.ts';

/** Leases a blob to a repository until a time, or for longer if it has a longer lease already. */
export type ExtendLease = (repositoryId: number, blobId: number, leasedUntil: number) => void;

export function prepareExtendLease({ db }: Connection): ExtendLease {
  const statement = db
    .insert(blobLinks)
    .values({
      repositoryId: sql.placeholder('repositoryId'),
      blobId: sql.placeholder('blobId'),
      leasedUntil: sql.placeholder('leasedUntil'),
    })
    .onConflictDoUpdate({
      target: [blobLinks.repositoryId, blobLinks.blobId],
      set: { leasedUntil: sql`max(${blobLinks.leasedUntil}, excluded.leased_until)` },
    })
    .prepare();
  return (repositoryId, blobId, leasedUntil) => void statement.run({ repositoryId, blobId, leasedUntil });
}
