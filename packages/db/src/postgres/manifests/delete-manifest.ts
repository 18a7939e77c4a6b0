import type { Tag } from '@mcr/core';
import type { Manifests } from '../../facets/manifests.ts';
import { unknownManifest } from '../../rejections.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { Operation } from '../facet.ts';
import { lockBlobsOf, lockRepository } from '../repositories/repository-ids.ts';

/** As many tags as a person reads; a manifest may have thousands. */
const maxAuditedTags = 50;

export const deleteManifest: Operation<Manifests['delete']> = (connection) => {
  const find = 'SELECT id FROM manifests WHERE repository_id = $1 AND digest = $2';
  const tagsOf = 'SELECT name FROM tags WHERE manifest_id = $1 ORDER BY name LIMIT $2';
  return (input) =>
    connection.write(input, async (tx) => {
      const { repository, digest, reviewAfter } = input;
      const repositoryId = await lockRepository(tx, repository);
      const [manifest] = await tx.query<{ id: number }>(find, [repositoryId, digest]);
      if (manifest === undefined) throw unknownManifest({ kind: 'digest', digest });
      const lost = await tx.query<{ name: Tag }>(tagsOf, [manifest.id, maxAuditedTags]);
      const blobs = await lockBlobsOf(tx, [manifest.id]);
      await tx.query("SELECT queue_reviews($1, $2, 'manifest_delete')", [blobs, reviewAfter]);
      await tx.run('DELETE FROM manifests WHERE id = $1', [manifest.id]);
      const details = lost.length === 0 ? {} : { tag: lost.map(({ name }) => name).join(',') };
      await recordEvent(tx, input, { type: 'manifest_deleted', repository, digest, details });
    });
};
