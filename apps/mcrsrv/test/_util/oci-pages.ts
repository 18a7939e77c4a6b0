import type { OciClient } from '@mcr/testkit';

/** Follows `Link` as clients do, to the end; returns the list that each page has under this key. */
export async function followLinks(client: OciClient, path: string, key: string): Promise<string[][]> {
  const pages: string[][] = [];
  for (let next: string | undefined = path; next !== undefined; ) {
    const response = await client.request('GET', next);
    pages.push(response.json()[key]);
    next = /^<(\/v2\/[^>]+)>; rel="next"$/.exec(response.header('link') ?? '')?.[1];
  }
  return pages;
}
