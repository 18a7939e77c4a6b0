import type { Uploads, UploadVersion } from '../../facets/uploads.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Connection } from '../connection/connection.ts';
import type { Operation } from '../facet.ts';
import { preparePieces } from './pieces.ts';

/** Deletes the row of an upload in one version, with its pieces; whether there was one. */
export function prepareDeleteUpload({ sqlite }: Connection): (upload: UploadVersion) => boolean {
  const statement = sqlite.prepare('DELETE FROM uploads WHERE uuid = ? AND version = ?');
  return ({ id, version }) => statement.run(id, version).changes > 0;
}

export const deleteUpload: Operation<Uploads['delete']> = (connection) => {
  const pieces = preparePieces(connection);
  const statement = connection.sqlite.prepare('DELETE FROM uploads WHERE uuid = ? AND version = ifnull(?, version)');
  return ({ id, version }) =>
    connection.writeTogetherUnremembered(() => {
      const had = pieces(id);
      return statement.run(id, version ?? null).changes > 0 ? had : undefined;
    });
};

export const reapUploads: Operation<Uploads['reap']> = ({ sqlite, writeUnremembered }) => {
  const find = sqlite
    .prepare<[number, number], string>(
      'SELECT uuid FROM uploads WHERE touched_at < ? ORDER BY touched_at, uuid LIMIT ?',
    )
    .pluck();
  // Deleting a row takes its pieces along, so they go to the trash before it.
  const trash = sqlite.prepare(`INSERT INTO blob_trash (locator, size, attempts, kind, trashed_at)
    SELECT p.locator, p.size, 0, 'piece', ? FROM json_each(?) d CROSS JOIN upload_pieces p ON p.upload = d.value
    WHERE true ON CONFLICT DO NOTHING`);
  const remove = sqlite.prepare('DELETE FROM uploads WHERE uuid = ?');
  return ({ touchedBefore, limit, now }) =>
    writeUnremembered(() => {
      const ids = find.all(touchedBefore, pageLimit(limit));
      trash.run(now, JSON.stringify(ids));
      for (const id of ids) remove.run(id);
      return ids.length;
    });
};
