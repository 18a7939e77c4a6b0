import type { Uploads } from '../../facets/uploads.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';
import { piecesOf } from './pieces.ts';

export const deleteUpload: Operation<Uploads['delete']> = (connection) => {
  const lock = 'SELECT uuid FROM uploads WHERE uuid = $1 AND version = coalesce($2::bigint, version) FOR UPDATE';
  return ({ id, version }) =>
    connection.write({}, async (tx) => {
      if ((await tx.query(lock, [id, version])).length === 0) return undefined;
      const had = await piecesOf(tx, id);
      await tx.run('DELETE FROM uploads WHERE uuid = $1', [id]);
      return had;
    });
};

const idle = `SELECT uuid FROM uploads WHERE touched_at < $1 ORDER BY touched_at, uuid LIMIT $2 FOR UPDATE SKIP LOCKED`;
// Deleting a row takes its pieces along, so they go to the trash before it.
const trash = `INSERT INTO blob_trash (locator, size, attempts, kind, trashed_at)
  SELECT locator, size, 0, 'piece', $2 FROM upload_pieces WHERE upload = ANY ($1::text[]) ORDER BY locator ON CONFLICT DO NOTHING`;

export const reapUploads: Operation<Uploads['reap']> = (connection) => {
  return ({ touchedBefore, limit, now }) =>
    connection.write(undefined, async (tx) => {
      const rows = await tx.query<{ uuid: string }>(idle, [touchedBefore, pageLimit(limit)]);
      if (rows.length === 0) return 0;
      const ids = rows.map(({ uuid }) => uuid);
      await tx.run(trash, [ids, now]);
      return await tx.run('DELETE FROM uploads WHERE uuid = ANY ($1::text[])', [ids]);
    });
};
