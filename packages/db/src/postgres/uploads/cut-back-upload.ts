import type { UploadPieceRecord, Uploads } from '../../facets/uploads.ts';
import type { Operation } from '../facet.ts';
import { findUpload } from './open-uploads.ts';
import { piecesOf } from './pieces.ts';

const update = `UPDATE uploads SET byte_offset = $3, sha256_at_offset = NULL, version = version + 1, touched_at = $4
  WHERE uuid = $1 AND version = $2`;

export const cutBackUpload: Operation<Uploads['cutBack']> = (connection) => {
  return ({ id, version, offset, now }) =>
    // A second attempt finds another version, and says so: the client asks where it is, and goes on there.
    connection.write(undefined, async (tx) => {
      if ((await tx.run(update, [id, version, offset, now])) === 0) return undefined;
      for (const { locator, size, left } of beyond(await piecesOf(tx, id), offset)) {
        if (left > 0) {
          await tx.run('UPDATE upload_pieces SET size = $2 WHERE locator = $1', [locator, left]);
          continue;
        }
        await tx.run('DELETE FROM upload_pieces WHERE locator = $1', [locator]);
        await tx.query("SELECT add_trash($1, $2, 'piece', $3)", [locator, size, now]);
      }
      return await findUpload(tx, id);
    });
};

/** The pieces that reach beyond an offset, with what is left of each. */
function beyond(pieces: readonly UploadPieceRecord[], offset: number): (UploadPieceRecord & { left: number })[] {
  let start = 0;
  return pieces.flatMap((piece) => {
    const left = Math.max(offset - start, 0);
    start += piece.size;
    return left >= piece.size ? [] : [{ ...piece, left }];
  });
}
