import type { Blobs } from '../../facets/blobs.ts';
import { unknownBlob } from '../../rejections.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { Operation } from '../facet.ts';
import { lockRepository } from '../repositories/repository-ids.ts';

const lockBlob = `SELECT id FROM blobs WHERE digest = $1 AND damage IS NULL FOR NO KEY UPDATE`;
const isIn = 'SELECT is_blob_in($1, $2, $3) AS found';

export const deleteBlob: Operation<Blobs['delete']> = (connection) => {
  return (input) =>
    connection.write(input, async (tx) => {
      const { repository, digest, reviewAfter, now } = input;
      const repositoryId = await lockRepository(tx, repository);
      const [blob] = await tx.query<{ id: number }>(lockBlob, [digest]);
      const [state] = blob === undefined ? [] : await tx.query<{ found: boolean }>(isIn, [repositoryId, blob.id, now]);
      if (blob === undefined || state?.found !== true) throw unknownBlob(digest);
      await tx.query("SELECT queue_reviews(ARRAY[$1::bigint], $2, 'blob_delete')", [blob.id, reviewAfter]);
      await tx.run('DELETE FROM manifest_blobs WHERE repository_id = $1 AND blob_id = $2', [repositoryId, blob.id]);
      await tx.run('DELETE FROM blob_links WHERE repository_id = $1 AND blob_id = $2', [repositoryId, blob.id]);
      await recordEvent(tx, input, { type: 'blob_deleted', repository, digest });
    });
};
