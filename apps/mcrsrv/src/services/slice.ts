import type { Page } from '@mcr/db';

/** One page of a list, and whether there is more behind it. */
export interface Slice<Item> {
  readonly items: readonly Item[];
  readonly more: boolean;
}

/** Makes a page of `limit` items of a read that asked for one more than that. */
export function takeSlice<Item>(limit: number, read: readonly Item[]): Slice<Item> {
  return { items: read.slice(0, limit), more: limit > 0 && read.length > limit };
}

/** Rows that are read in one go: few enough to keep memory flat and the database free. */
export const rowSlice = 250;

/** All rows of a list that is read in slices. `cursor` names the place of a row. */
export async function* allRows<Row, Cursor>(
  read: (page: Page<Cursor>) => Promise<readonly Row[]>,
  cursor: (row: Row) => Cursor,
  limit: number = rowSlice,
): AsyncGenerator<Row, void> {
  for (let after: Cursor | undefined; ; ) {
    const slice = await read({ ...(after !== undefined && { after }), limit });
    yield* slice;
    const last = slice.at(-1);
    if (last === undefined || slice.length < limit) return;
    after = cursor(last);
  }
}
