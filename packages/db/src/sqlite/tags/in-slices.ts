import type { timeSlices } from '@mcr/core';

/** Entries of an index that one statement looks at when most of them may not match. */
export const sliceSize = 1_000;

/** How to go through the entries of an index for those that match. */
export interface Slices<Place, Row extends Place> {
  /** The last place of the slice behind another place; `undefined` where that slice is the last, or where every entry matches. */
  readonly end: (after: Place | undefined) => Place | undefined;
  /** What matches behind one place and up to the other, at most `length`. */
  readonly read: (after: Place | undefined, end: Place | undefined, length: number) => readonly Row[];
  /** How many rows are read at a time. */
  readonly length: number;
}

/**
 * Reads what matches, slice by slice. Other work goes on between the slices, so what is returned need not be of one moment: what
 * changes meanwhile may be in it or not, and everything else is in it once.
 */
export async function* inSlices<Place, Row extends Place>(
  { end, read, length }: Slices<Place, Row>,
  after: Place | undefined,
  nextStep: ReturnType<typeof timeSlices>,
): AsyncGenerator<Row, void> {
  for (let last = after; ; ) {
    const sliceEnd = end(last);
    const rows = read(last, sliceEnd, length);
    yield* rows;
    const next = rows.length === length ? rows.at(-1) : sliceEnd;
    if (next === undefined) return;
    last = next;
    await nextStep();
  }
}

/** Puts what is read together, at most as many at once as are still wanted at that time. */
export async function* inChunks<Item>(items: AsyncIterable<Item>, most: () => number): AsyncGenerator<Item[], void> {
  let chunk: Item[] = [];
  for await (const item of items) {
    if (chunk.push(item) < most()) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
