import type { GarbageCollection, TrashEntry } from '../../facets/gc.ts';
import { pageLimit } from '../../rows/pages.ts';
import type { Operation } from '../facet.ts';

const page = `SELECT locator, size, attempts, kind FROM blob_trash WHERE locator > $1 AND trashed_at <= $2 ORDER BY locator LIMIT $3`;

export const listTrash: Operation<GarbageCollection['listTrash']> =
  (connection) =>
  async ({ after = '', limit, trashedBefore = Number.MAX_SAFE_INTEGER }) =>
    await connection.query<TrashEntry>(page, [after, trashedBefore, pageLimit(limit)]);

export const dropTrash: Operation<GarbageCollection['dropTrash']> =
  (connection) =>
  async (...locators) => {
    await connection.query('DELETE FROM blob_trash WHERE locator = ANY($1)', [locators]);
  };

export const failTrash: Operation<GarbageCollection['failTrash']> = (connection) => async (locator) => {
  await connection.query('UPDATE blob_trash SET attempts = attempts + 1 WHERE locator = $1', [locator]);
};
