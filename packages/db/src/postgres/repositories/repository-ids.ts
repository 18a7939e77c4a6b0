import type { RepositoryName } from '@mcr/core';
import { unknownRepository } from '../../rejections.ts';
import type { Transaction } from '../connection/transaction.ts';

/** Row id of a repository. Throws `NAME_UNKNOWN`. */
export async function requireRepository(tx: Pick<Transaction, 'query'>, name: RepositoryName): Promise<number> {
  const [row] = await tx.query<{ id: number }>('SELECT id FROM repositories WHERE name = $1', [name]);
  if (row === undefined) throw unknownRepository(name);
  return row.id;
}

/**
 * The same for a transaction that changes what is in the repository: until it ends, no other one does. It is the first lock of all.
 */
export async function lockRepository(tx: Transaction, name: RepositoryName): Promise<number> {
  const text = 'SELECT id FROM repositories WHERE name = $1 FOR NO KEY UPDATE';
  const [row] = await tx.query<{ id: number }>(text, [name]);
  if (row === undefined) throw unknownRepository(name);
  return row.id;
}

/** Locks the blobs that some manifests reference, in the order of their ids; returns these. */
export async function lockBlobsOf(tx: Transaction, manifestIds: readonly number[]): Promise<number[]> {
  const rows = await tx.query<{ id: number }>(
    `SELECT id FROM blobs WHERE id IN (SELECT blob_id FROM manifest_blobs WHERE manifest_id = ANY ($1::bigint[]))
      ORDER BY id FOR NO KEY UPDATE`,
    [manifestIds],
  );
  return rows.map(({ id }) => id);
}
