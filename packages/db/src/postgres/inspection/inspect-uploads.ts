import type { Inspection } from '../../facets/inspection.ts';
import type { LastPiece, UploadRecord } from '../../facets/uploads.ts';
import { pageLimit } from '../../rows/pages.ts';
import { withoutNulls } from '../../rows/without-nulls.ts';
import type { Operation } from '../facet.ts';

const page = `SELECT u.uuid AS id, r.name AS repository, u.created_by AS "createdBy", u.byte_offset AS offset,
    u.sha256_at_offset AS "sha256AtOffset", u.version, u.touched_at AS "touchedAt",
    (SELECT json_build_object('position', p.position, 'locator', p.locator, 'size', p.size) FROM upload_pieces p
      WHERE p.upload = u.uuid ORDER BY p.position DESC LIMIT 1) AS last
  FROM uploads u JOIN repositories r ON r.id = u.repository_id WHERE u.uuid > $1 ORDER BY u.uuid LIMIT $2`;

export const inspectUploads: Operation<Inspection['listUploads']> =
  (connection) =>
  async ({ after = '', limit }) =>
    (await connection.query<Row>(page, [after, pageLimit(limit)])).map((row) => withoutNulls(row) as UploadRecord);

type Row = UploadRecord & { readonly last: LastPiece | null };
