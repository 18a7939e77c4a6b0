import type { Blobs } from '../../facets/blobs.ts';
import { prepareEventLog } from '../audit/event-log.ts';
import type { Operation } from '../facet.ts';
import { prepareReviewQueue } from '../gc/review-queue.ts';
import { prepareRepositoryIds } from '../repositories/repository-ids.ts';
import { prepareExtendLease } from './blob-leases.ts';
import { prepareFindRepositoryBlob } from './find-blob.ts';

export const mountBlob: Operation<Blobs['mount']> = (connection) => {
  const find = prepareFindRepositoryBlob(connection);
  const ids = prepareRepositoryIds(connection);
  const extendLease = prepareExtendLease(connection);
  const queue = prepareReviewQueue(connection);
  const log = prepareEventLog(connection);

  return (input) => {
    const { from, repository, digest, leasedUntil, reviewAfter, now } = input;
    return connection.writeTogether(() => {
      const blob = find(from, digest, now);
      if (blob === undefined) return undefined;
      extendLease(ids.ensure(repository, now), blob.id, leasedUntil);
      queue.addBlob(blob.id, reviewAfter, 'mount');
      log.record(input, { type: 'blob_mounted', repository, digest, details: { from } });
      return blob.record;
    });
  };
};
