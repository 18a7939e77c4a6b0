import type { Uploads } from '../../facets/uploads.ts';
import type { Operation } from '../facet.ts';
import { findUpload } from './open-uploads.ts';

export const advanceUpload: Operation<Uploads['advance']> = (connection) => {
  const text = 'SELECT advance_upload($1, $2, $3, $4, $5, $6, $7) AS advanced';
  return async ({ id, version, offset, piece, sha256AtOffset, now }) => {
    const values = [id, version, offset, sha256AtOffset, piece?.locator, piece?.size, now];
    const [row] = await connection.query<{ advanced: boolean }>(text, values);
    if (row?.advanced !== true) return undefined;
    const upload = await findUpload(connection, id);
    return upload?.version === version + 1 ? upload : undefined;
  };
};
