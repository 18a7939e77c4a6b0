import type { RepositoryName } from '@mcr/core';
import type { UploadRecord, Uploads } from '../../facets/uploads.ts';
import type { Transaction } from '../connection/transaction.ts';
import type { Operation } from '../facet.ts';

interface Row {
  readonly id: string;
  readonly repository: RepositoryName;
  readonly created_by: string;
  readonly byte_offset: number;
  readonly sha256_at_offset: string | null;
  readonly version: number;
  readonly touched_at: number;
  readonly position: number | null;
  readonly locator: string | null;
  readonly size: number | null;
}

/** An upload with the name of its repository and its last piece. */
export async function findUpload(tx: Pick<Transaction, 'query'>, id: string): Promise<UploadRecord | undefined> {
  const [row] = await tx.query<Row>('SELECT * FROM open_uploads WHERE id = $1', [id]);
  if (row === undefined) return undefined;
  const { repository, version, position, locator, size } = row;
  return {
    id,
    repository,
    createdBy: row.created_by,
    offset: row.byte_offset,
    version,
    touchedAt: row.touched_at,
    ...(row.sha256_at_offset !== null && { sha256AtOffset: row.sha256_at_offset }),
    ...(position !== null && locator !== null && size !== null && { last: { position, locator, size } }),
  };
}

export const getUpload: Operation<Uploads['get']> = (connection) => (id) => findUpload(connection, id);

/** Later wins, since requests of several processes may touch one upload. */
export const touchUpload: Operation<Uploads['touch']> = (connection) => {
  const text = 'UPDATE uploads SET touched_at = greatest(touched_at, $2) WHERE uuid = $1 RETURNING uuid';
  return async ({ id, now }) => (await connection.query(text, [id, now])).length > 0;
};
