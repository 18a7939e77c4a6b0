import { setImmediate } from 'node:timers/promises';
import pLimit from 'p-limit';

/** Each may open a file and parse what is in it: so many at once keep files and memory few. */
const width = 8;

/**
 * Maps a list as `Promise.all` does, but some at a time, between which other requests have their turn. When one fails,
 * those that have not begun are left out.
 */
export async function mapSome<Item, Result>(
  items: readonly Item[],
  map: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const limit = pLimit(width);
  const mapInTurn = async (item: Item): Promise<Result> => {
    await setImmediate();
    return await map(item);
  };
  try {
    return await limit.map(items, mapInTurn);
  } finally {
    limit.clearQueue();
  }
}
