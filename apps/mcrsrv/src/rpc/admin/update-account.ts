import type { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { updateAccount as verb } from '../../services/accounts/update.ts';
import { callerOf } from '../call.ts';
import { accountMessage } from '../messages.ts';
import type { Method } from '../method.ts';

export const updateAccount: Method<typeof AdminService, 'updateAccount'> =
  ({ services }) =>
  async ({ id, password, enabled, roles }, context) => {
    const patch = { password, enabled, roles: roles?.values };
    return { account: accountMessage(await verb(services, callerOf(context), id, patch)) };
  };
