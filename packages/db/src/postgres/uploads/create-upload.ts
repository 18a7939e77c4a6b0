import type { Uploads } from '../../facets/uploads.ts';
import { tooManyUploads, unknownUpload } from '../../rejections.ts';
import type { Operation } from '../facet.ts';
import { findUpload } from './open-uploads.ts';

export const createUpload: Operation<Uploads['create']> = (connection) => {
  const text = 'SELECT create_upload($1, $2, $3, $4, $5, $6) AS open';
  return async ({ id, repository, createdBy, quota, now }) => {
    const values = [id, repository, createdBy, quota?.uploads, quota?.touchedSince, now];
    const [row] = await connection.query<{ open: number | null }>(text, values);
    if (row !== undefined && row.open !== null) throw tooManyUploads(row.open);
    const upload = await findUpload(connection, id);
    // Its repository was deleted in between.
    if (upload === undefined) throw unknownUpload();
    return upload;
  };
};

export const uploadedBytes: Operation<Uploads['recordedBytes']> = (connection) => {
  const text = 'SELECT coalesce(sum(byte_offset), 0)::bigint AS bytes FROM uploads WHERE created_by = $1';
  return async (createdBy) => (await connection.query<{ bytes: number }>(text, [createdBy]))[0]?.bytes ?? 0;
};
