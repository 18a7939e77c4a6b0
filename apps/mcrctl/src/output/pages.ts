/** Items as they arrive. */
export type Pages<T> = AsyncIterable<readonly T[]>;

/** Items that are all there. */
export async function* onePage<T>(items: readonly T[]): AsyncGenerator<readonly T[]> {
  yield items;
}
