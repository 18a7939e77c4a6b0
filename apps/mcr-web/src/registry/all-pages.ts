/** A page of a list, and the token of the next one; empty at the end. */
type ListPage<Item> = readonly [items: readonly Item[], nextPageToken: string];

/** Everything that a list of the registry has, read page by page as far as it is asked for. Throws what `read` throws. */
export async function* allPages<Item>(read: (pageToken: string) => Promise<ListPage<Item>>): AsyncGenerator<Item> {
  let pageToken = '';
  do {
    const [items, next] = await read(pageToken);
    yield* items;
    pageToken = next;
  } while (pageToken !== '');
}
