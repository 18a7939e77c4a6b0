import { RegistryError } from '@mcr/core';
import { eq, sql } from 'drizzle-orm';
import { prepareEventLog } from '../audit/event-log.ts';
import { prepareReviewQueue } from '../garbage/review-queue.ts';
import { prepareTrash } from '../garbage/trash.ts';
import type { Operation } from '../operation.ts';
import { prepareRepositoryIds } from '../repositories/repository-ids.ts';
import { blobs } from '../schema/index.ts';
import { prepareDeleteUpload } from '../uploads/delete-upload.ts';
import { prepareExtendLease } from './blob-leases.ts';
import { prepareEndQuarantine } from './quarantine.ts';

const columns = {
  id: blobs.id,
  damage: blobs.damage,
  digest: blobs.digest,
  size: blobs.size,
  locator: blobs.locator,
};

export const publishBlob: Operation<'publishBlob'> = (connection) => {
  const ids = prepareRepositoryIds(connection);
  const extendLease = prepareExtendLease(connection);
  const queue = prepareReviewQueue(connection);
  const trash = prepareTrash(connection);
  const log = prepareEventLog(connection);
  const deleteUpload = prepareDeleteUpload(connection);
  const endQuarantine = prepareEndQuarantine(connection);
  const known = connection.db
    .select(columns)
    .from(blobs)
    .where(eq(blobs.digest, sql.placeholder('digest')))
    .prepare();
  const insert = connection.db
    .insert(blobs)
    .values({
      digest: sql.placeholder('digest'),
      size: sql.placeholder('size'),
      locator: sql.placeholder('locator'),
      createdAt: sql.placeholder('now'),
    })
    .returning(columns)
    .prepare();

  return (input) => {
    const { repository, digest, size, locator, uploadId, replaced = false, leasedUntil, reviewAfter, now } = input;
    return connection.writeTogether(() => {
      const { id, damage, ...record } = known.get({ digest }) ?? insert.get({ digest, size, locator, now });
      if (damage !== null && !replaced) throw damagedMeanwhile(digest);
      if (damage !== null) endQuarantine(record.locator);
      if (record.locator === locator) trash.withdraw(locator);
      else trash.add(locator, size);
      extendLease(ids.ensure(repository, now), id, leasedUntil);
      queue.addBlob(id, reviewAfter, 'publish');
      if (uploadId !== undefined) deleteUpload(uploadId);
      log.record(input, { type: 'blob_uploaded', repository, digest, details: { size: String(record.size) } });
      return record;
    });
  };
};

/** The bytes that were kept for this push may be the damaged ones. */
function damagedMeanwhile(digest: string): RegistryError {
  const message = 'The stored bytes of this blob were found damaged while it was pushed; push it again';
  return new RegistryError('UNAVAILABLE', message, { detail: { digest } });
}
