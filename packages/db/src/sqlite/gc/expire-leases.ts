import type { Connection } from '../connection/connection.ts';

/** Leases that one transaction removes: a base layer may have had one in every repository. */
export const maxExpiredLeases = 1_000;

/** Removes at most `most` leases of a blob that have expired; how many it were. */
export function prepareExpireLeases({ sqlite }: Connection): (blobId: number, now: number, most: number) => number {
  const remove = sqlite.prepare(
    'DELETE FROM blob_links WHERE blob_id = ? AND leased_until <= ? ORDER BY leased_until LIMIT ?',
  );
  return (blobId, now, most) => (most <= 0 ? 0 : remove.run(blobId, now, most).changes);
}
