/** One page of a list, and whether there is more behind it. */
export interface Slice<Item> {
  readonly items: readonly Item[];
  readonly more: boolean;
}

/** Makes a page of `limit` items of a read that asked for one more than that. */
export function takeSlice<Item>(limit: number, read: readonly Item[]): Slice<Item> {
  return { items: read.slice(0, limit), more: limit > 0 && read.length > limit };
}
