import { eq, sql } from 'drizzle-orm';
import { prepareReviewQueue } from '../garbage/review-queue.ts';
import { prepareTrash } from '../garbage/trash.ts';
import type { Operation } from '../operation.ts';
import { blobs } from '../schema/index.ts';
import { selectInspectedBlobs } from './inspect-blobs.ts';

const byLocator = eq(blobs.locator, sql.placeholder('locator'));

export const trashLocator: Operation<'trashLocator'> = (connection) => {
  const trash = prepareTrash(connection);
  const find = connection.db.select({ id: blobs.id }).from(blobs).where(byLocator).prepare();
  return ({ locator, size }) =>
    connection.write(() => {
      if (find.get({ locator }) !== undefined) return false;
      trash.add(locator, size);
      return true;
    });
};

export const reviewForgotten: Operation<'reviewForgotten'> = (connection) => {
  const queue = prepareReviewQueue(connection);
  const find = selectInspectedBlobs(connection, byLocator).prepare();
  return ({ locator, reviewAfter }) =>
    connection.write(() => {
      const blob = find.get({ locator });
      if (blob?.forgotten !== 1) return false;
      queue.addBlob(blob.id, reviewAfter, 'reconcile');
      return true;
    });
};
