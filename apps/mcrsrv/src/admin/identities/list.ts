import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { takeSlice } from '../../services/slice.ts';
import { operation } from '../operation.ts';
import { nextPageToken } from '../page.ts';

/** People who have signed in at a provider, by name. */
export const listIdentities = operation(AdminService.method.listIdentities, async ({ store }, { page }) => {
  const read = await store.identities.list({ ...page, limit: page.limit + 1 });
  const { items, more } = takeSlice(page.limit, read);
  return { identities: items, nextPageToken: nextPageToken(more, items.at(-1)?.username) };
});
