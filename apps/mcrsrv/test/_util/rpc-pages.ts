import { expect } from 'vitest';

/** Longer than any list of a test, so that a list that never ends is noticed. */
const maxPages = 50;

/** Follows page tokens to the end and gives the pages. */
export async function rpcPages<Page extends { readonly nextPageToken: string }>(
  list: (pageToken: string) => Promise<Page>,
): Promise<Page[]> {
  const pages = [await list('')];
  while (pages.at(-1)!.nextPageToken !== '') {
    expect(pages.length).toBeLessThan(maxPages);
    pages.push(await list(pages.at(-1)!.nextPageToken));
  }
  return pages;
}
