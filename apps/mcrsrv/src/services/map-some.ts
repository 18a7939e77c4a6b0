import { setImmediate } from 'node:timers/promises';

/** Each may open a file and parse what is in it: so many at once keep files and memory few. */
const width = 8;

/** Maps a list as `Promise.all` does, but some at a time, between which other requests have their turn. */
export async function mapSome<Item, Result>(
  items: readonly Item[],
  map: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += width) {
    if (at > 0) await setImmediate();
    results.push(...(await Promise.all(items.slice(at, at + width).map(map))));
  }
  return results;
}
