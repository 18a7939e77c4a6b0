import { and, asc, eq, gt, lte, sql } from 'drizzle-orm';
import type { GarbageCollection } from '../../facets/gc.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';
import { blobTrash } from '../schema/index.ts';
import { prepareTrash } from './trash.ts';

export const listTrash: Operation<GarbageCollection['listTrash']> =
  ({ db }) =>
  ({ after = '', limit, trashedBefore = Number.MAX_SAFE_INTEGER }) =>
    db
      .select({
        locator: blobTrash.locator,
        size: blobTrash.size,
        attempts: blobTrash.attempts,
        kind: blobTrash.kind,
      })
      .from(blobTrash)
      .where(and(gt(blobTrash.locator, after), lte(blobTrash.trashedAt, trashedBefore)))
      .orderBy(asc(blobTrash.locator))
      .limit(pageLimit(limit))
      .all();

export const dropTrash: Operation<GarbageCollection['dropTrash']> = (connection) => {
  const trash = prepareTrash(connection);
  return (...locators) =>
    connection.writeUnremembered(() => {
      for (const locator of locators) trash.withdraw(locator);
    });
};

export const failTrash: Operation<GarbageCollection['failTrash']> = ({ db, writeUnremembered }) => {
  return (locator) => {
    writeUnremembered(() =>
      db
        .update(blobTrash)
        .set({ attempts: sql`${blobTrash.attempts} + 1` })
        .where(eq(blobTrash.locator, locator))
        .run(),
    );
  };
};
