import { asc, eq, gt, sql } from 'drizzle-orm';
import type { GarbageCollection } from '../../facets/gc.ts';
import type { Operation } from '../facet.ts';
import { pageLimit } from '../rows/pages.ts';
import { blobTrash } from '../schema/index.ts';
import { prepareTrash } from './trash.ts';

export const listTrash: Operation<GarbageCollection['listTrash']> =
  ({ db }) =>
  ({ after = '', limit }) =>
    db
      .select()
      .from(blobTrash)
      .where(gt(blobTrash.locator, after))
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
