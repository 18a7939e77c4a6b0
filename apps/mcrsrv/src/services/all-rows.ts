import type { Page } from '@mcr/db';

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
