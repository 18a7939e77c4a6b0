import { RegistryError, timeSlices } from '@mcr/core';

/** How to go through a list that may be long, for what matches. */
export interface Walk<Key, Item> {
  /** Reads the next keys behind one, at most `length`; from the beginning without one. */
  readonly read: (after: Key | undefined, length: number) => readonly Key[];
  readonly matches: (key: Key) => boolean;
  /** What a key stands for; `undefined` when it has gone meanwhile. */
  readonly load: (key: Key) => Item | undefined;
  /** How many keys one read may take: few where each is loaded, many where most do not match. */
  readonly length: number;
}

/**
 * Collects the first `limit` items behind `after`. Other work goes on between the steps, so what is returned need not be
 * of one moment: what changes meanwhile may be in it or not, and everything else is in it once.
 */
export async function walk<Key, Item>(
  { read, matches, load, length }: Walk<Key, Item>,
  { after, limit }: { readonly after: Key | undefined; readonly limit: number },
): Promise<Item[]> {
  const items: Item[] = [];
  const nextStep = timeSlices();
  let last = after;
  while (items.length < limit) {
    const keys = read(last, length);
    for (const key of keys) {
      if (items.length === limit) return items;
      last = key;
      if (!matches(key)) continue;
      const item = load(key);
      if (item !== undefined) items.push(item);
      await nextStep();
    }
    if (keys.length < length) return items;
    await nextStep();
  }
  return items;
}

/** Checks the length of a page: SQLite takes a negative one for no limit at all. Throws `PARAMETER_INVALID`. */
export function pageLimit(limit: number): number {
  if (Number.isSafeInteger(limit) && limit >= 0) return limit;
  throw new RegistryError('PARAMETER_INVALID', 'The length of a page must be a whole number, 0 or more');
}

/** The first text behind all that begin with `prefix`; names, tags and digests are ASCII. */
export function endOf(prefix: string): string {
  return `${prefix}\u{7f}`;
}
