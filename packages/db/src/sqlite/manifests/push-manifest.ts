import type { Digest } from '@mcr/core';
import type { Manifests, PushManifest } from '../../facets/manifests.ts';
import { missingBlobs } from '../../rejections.ts';
import { prepareEventLog } from '../audit/event-log.ts';
import { type FindRepositoryBlob, prepareFindRepositoryBlob, prepareKnownDigests } from '../blobs/find-blob.ts';
import type { Operation } from '../facet.ts';
import { prepareReviewQueue } from '../gc/review-queue.ts';
import { prepareRepositoryIds } from '../repositories/repository-ids.ts';
import { prepareTagRows } from '../tags/tag-rows.ts';
import { prepareStoreManifest } from './store-manifest.ts';

export const pushManifest: Operation<Manifests['push']> = (connection) => {
  const ids = prepareRepositoryIds(connection);
  const findBlob = prepareFindRepositoryBlob(connection);
  const knownDigests = prepareKnownDigests(connection);
  const storeManifest = prepareStoreManifest(connection);
  const tags = prepareTagRows(connection);
  const queue = prepareReviewQueue(connection);
  const log = prepareEventLog(connection);

  function moveTags(input: PushManifest, repositoryId: number, manifestId: number): void {
    const { tags: names, reviewAfter } = input;
    for (const tag of names.toSorted()) {
      const previous = tags.find(repositoryId, tag);
      tags.set(repositoryId, tag, manifestId, input);
      if (previous === undefined || tags.isTagged(previous)) continue;
      queue.addBlobsOfManifest(previous, reviewAfter, 'tag_move');
    }
  }

  return (input) =>
    connection.writeTogether(() => {
      const blobIds = findReferencedBlobs({ ...input, optionalBlobs: knownDigests(input.optionalBlobs) }, findBlob);
      const repositoryId = ids.ensure(input.repository, input.now);
      const { id, created } = storeManifest(input, repositoryId, blobIds);
      moveTags(input, repositoryId, id);
      log.record(input, {
        type: 'manifest_pushed',
        repository: input.repository,
        digest: input.digest,
        details: describe(input),
      });
      return { created };
    });
};

/** Row ids, in order, of the blobs that the manifest references. Throws `MANIFEST_BLOB_UNKNOWN`. */
function findReferencedBlobs(input: PushManifest, findBlob: FindRepositoryBlob): number[] {
  const { repository, blobs, optionalBlobs, now } = input;
  const missing: Digest[] = [];
  const found = new Set<number>();
  for (const digest of new Set(blobs)) {
    const blob = findBlob(repository, digest, now);
    if (blob === undefined) missing.push(digest);
    else found.add(blob.id);
  }
  if (missing.length > 0) throw missingBlobs(missing);
  for (const digest of optionalBlobs) {
    const blob = findBlob(repository, digest, now);
    if (blob !== undefined) found.add(blob.id);
  }
  return [...found].toSorted((left, right) => left - right);
}

function describe({ tags, mediaType, content }: PushManifest): Record<string, string> {
  const facts = { media_type: mediaType, size: String(content.byteLength) };
  return tags.length === 0 ? facts : { tag: tags.join(','), ...facts };
}
