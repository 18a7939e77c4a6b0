import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { takeSlice } from '../../services/slice.ts';
import { operation } from '../operation.ts';
import { nextPageToken } from '../page.ts';
import { type AccountParts, requireLocalAccounts, shownAccount } from './account.ts';

/** Local accounts by name. */
export const listAccounts = operation(
  AdminService.method.listAccounts,
  async (services: AccountParts, { page }) => {
    const read = await services.store.accounts.list({ ...page, limit: page.limit + 1 });
    const { items, more } = takeSlice(page.limit, read);
    return { accounts: items.map(shownAccount), nextPageToken: nextPageToken(more, items.at(-1)?.username) };
  },
  { admit: requireLocalAccounts },
);
