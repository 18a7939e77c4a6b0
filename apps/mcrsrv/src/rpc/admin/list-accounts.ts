import type { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { listAccounts as verb } from '../../services/accounts/list.ts';
import { callerOf } from '../call.ts';
import { accountMessage } from '../messages.ts';
import type { Method } from '../method.ts';
import { nextPageToken, pageOf } from '../page.ts';

export const listAccounts: Method<typeof AdminService, 'listAccounts'> =
  ({ services }) =>
  async (request, context) => {
    const { items, more } = await verb(services, callerOf(context), pageOf(request));
    return { accounts: items.map(accountMessage), nextPageToken: nextPageToken(more, items.at(-1)?.username) };
  };
