import type { StoredBlob } from '@mcr/storage';

/** A row, a file, or both of one locator. */
export interface Match<Row> {
  readonly row?: Row;
  readonly file?: StoredBlob;
}

/** Puts rows and files of one locator together; both come in order of locator, and so do the matches. */
export async function* matchFiles<Row extends { readonly locator: string }>(
  rows: AsyncIterable<Row>,
  files: AsyncIterable<StoredBlob>,
): AsyncGenerator<Match<Row>, void> {
  const unread = rows[Symbol.asyncIterator]();
  let next = await unread.next();
  for await (const file of files) {
    for (; !next.done && next.value.locator < file.locator; next = await unread.next()) yield { row: next.value };
    if (!next.done && next.value.locator === file.locator) {
      yield { row: next.value, file };
      next = await unread.next();
    } else {
      yield { file };
    }
  }
  for (; !next.done; next = await unread.next()) yield { row: next.value };
}
