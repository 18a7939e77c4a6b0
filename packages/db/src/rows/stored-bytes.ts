import type { StoredBytes } from '../facets/space.ts';

/** The sums that a database keeps, in bytes. */
export interface StoredSums {
  readonly total: number;
  readonly shared: number;
  readonly unreferenced: number;
  readonly trash: number;
  /** Of repositories whose rows are being removed. */
  readonly deleted: number;
  readonly uploads: number;
}

/** What becomes of the bytes that are stored, by the sums. */
export function storedBytesOf({ total, shared, unreferenced, trash, deleted, uploads }: StoredSums): StoredBytes {
  return { own: total - shared - unreferenced - deleted, shared, waiting: unreferenced + deleted + trash, uploads };
}
