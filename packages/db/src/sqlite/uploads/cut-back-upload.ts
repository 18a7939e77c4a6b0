import { eq, sql } from 'drizzle-orm';
import type { Uploads } from '../../facets/uploads.ts';
import type { Operation } from '../facet.ts';
import { prepareTrash } from '../gc/trash.ts';
import { uploads } from '../schema/index.ts';
import { preparePieces } from './pieces.ts';
import { selectUploads, toUpload } from './uploads.ts';

export const cutBackUpload: Operation<Uploads['cutBack']> = (connection) => {
  const { sqlite, writeTogetherUnremembered } = connection;
  const trash = prepareTrash(connection);
  const pieces = preparePieces(connection);
  const select = selectUploads(connection.db, eq(uploads.id, sql.placeholder('id'))).prepare();
  const update = sqlite.prepare(`UPDATE uploads SET byte_offset = ?, sha256_at_offset = NULL, version = version + 1,
    touched_at = ? WHERE uuid = ? AND version = ?`);
  const cut = sqlite.prepare('UPDATE upload_pieces SET size = ? WHERE locator = ?');
  const remove = sqlite.prepare('DELETE FROM upload_pieces WHERE locator = ?');
  return ({ id, version, offset, now }) =>
    writeTogetherUnremembered(() => {
      if (update.run(offset, now, id, version).changes === 0) return undefined;
      let start = 0;
      for (const { locator, size } of pieces(id)) {
        const left = offset - start;
        start += size;
        if (left >= size) continue;
        if (left > 0) {
          cut.run(left, locator);
          continue;
        }
        remove.run(locator);
        trash.add(locator, size, { kind: 'piece', now });
      }
      const row = select.get({ id });
      return row && toUpload(row);
    });
};
