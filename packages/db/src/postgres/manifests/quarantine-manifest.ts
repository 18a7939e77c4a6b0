import { hasDigest } from '@mcr/core';
import type { ManifestName, Manifests } from '../../facets/manifests.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { Transaction } from '../connection/transaction.ts';
import type { Operation } from '../facet.ts';

const look = `SELECT m.id, m.content FROM repositories r JOIN manifests m ON m.repository_id = r.id
  WHERE r.name = $1 AND m.digest = $2 FOR NO KEY UPDATE OF m`;

/** Looks at a manifest's content within the transaction that decides: a push may just have put it right. */
async function lookAt(
  tx: Transaction,
  { repository, digest }: ManifestName,
): Promise<{ readonly id: number; readonly isRight: boolean } | undefined> {
  const [row] = await tx.query<{ id: number; content: Uint8Array }>(look, [repository, digest]);
  return row && { id: row.id, isRight: hasDigest(row.content, digest) };
}

export const quarantineManifest: Operation<Manifests['quarantine']> = (connection) => {
  const mark = 'INSERT INTO damaged_manifests (manifest_id, quarantined_at) VALUES ($1, $2) ON CONFLICT DO NOTHING';
  return (input) =>
    connection.write(input, async (tx) => {
      const { repository, digest, now } = input;
      const found = await lookAt(tx, input);
      if (found === undefined || found.isRight || (await tx.run(mark, [found.id, now])) === 0) return false;
      await recordEvent(tx, input, { type: 'manifest_quarantined', repository, digest });
      return true;
    });
};

export const releaseManifest: Operation<Manifests['release']> = (connection) => {
  const unmark = 'DELETE FROM damaged_manifests WHERE manifest_id = $1';
  return (input) =>
    connection.write(input, async (tx) => {
      const { repository, digest } = input;
      const found = await lookAt(tx, input);
      if (found?.isRight !== true || (await tx.run(unmark, [found.id])) === 0) return false;
      await recordEvent(tx, input, { type: 'manifest_released', repository, digest });
      return true;
    });
};

export const countQuarantinedManifests: Operation<Manifests['countQuarantined']> = (connection) => {
  return async () => {
    const [row] = await connection.query<{ n: number }>('SELECT count(*) AS n FROM damaged_manifests');
    return row?.n ?? 0;
  };
};
