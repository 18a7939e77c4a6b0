import type { Digest } from '@mcr/core';
import type { Tags } from '../../facets/tags.ts';
import { unknownManifest } from '../../rejections.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { Operation } from '../facet.ts';
import { lockRepository } from '../repositories/repository-ids.ts';

interface Found {
  readonly id: number;
  readonly digest: Digest;
  readonly isLast: boolean;
}

const find = `SELECT m.id, m.digest,
    NOT EXISTS (SELECT 1 FROM tags o WHERE o.manifest_id = m.id AND o.name <> t.name) AS "isLast"
  FROM tags t JOIN manifests m ON m.id = t.manifest_id WHERE t.repository_id = $1 AND t.name = $2`;
const review = `SELECT queue_reviews(array_agg(blob_id), $2, 'tag_delete') FROM manifest_blobs WHERE manifest_id = $1`;

export const deleteTag: Operation<Tags['delete']> = (connection) => {
  return (input) =>
    connection.write(input, async (tx) => {
      const { repository, tag, reviewAfter } = input;
      const repositoryId = await lockRepository(tx, repository);
      const [manifest] = await tx.query<Found>(find, [repositoryId, tag]);
      if (manifest === undefined) throw unknownManifest({ kind: 'tag', tag });
      await tx.run('DELETE FROM tags WHERE repository_id = $1 AND name = $2', [repositoryId, tag]);
      if (manifest.isLast) await tx.query(review, [manifest.id, reviewAfter]);
      await recordEvent(tx, input, { type: 'tag_deleted', repository, digest: manifest.digest, details: { tag } });
    });
};
