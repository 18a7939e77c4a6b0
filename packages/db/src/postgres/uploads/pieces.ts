import type { UploadPieceRecord, Uploads } from '../../facets/uploads.ts';
import type { Transaction } from '../connection/transaction.ts';
import type { Operation } from '../facet.ts';

/** All pieces of an upload, in order. */
export async function piecesOf(tx: Transaction, upload: string): Promise<UploadPieceRecord[]> {
  return await tx.query('SELECT locator, size FROM upload_pieces WHERE upload = $1 ORDER BY position', [upload]);
}

interface Row {
  readonly locator: string | null;
  readonly size: number | null;
}

export const uploadPieces: Operation<Uploads['pieces']> = (connection) => {
  const text = `SELECT p.locator, p.size FROM uploads u LEFT JOIN upload_pieces p ON p.upload = u.uuid
    WHERE u.uuid = $1 AND u.version = $2 ORDER BY p.position`;
  return async ({ id, version }) => {
    const rows = await connection.query<Row>(text, [id, version]);
    if (rows.length === 0) return undefined;
    return rows.flatMap(({ locator, size }) => (locator === null || size === null ? [] : [{ locator, size }]));
  };
};
