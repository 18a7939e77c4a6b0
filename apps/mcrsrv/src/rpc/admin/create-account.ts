import type { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { createAccount as verb } from '../../services/accounts/create.ts';
import { callerOf } from '../call.ts';
import { nonEmpty } from '../convert.ts';
import { accountMessage } from '../messages.ts';
import type { Method } from '../method.ts';

export const createAccount: Method<typeof AdminService, 'createAccount'> =
  ({ services }) =>
  async ({ username, accountType, roles, password }, context) => {
    const input = { username, account_type: nonEmpty(accountType), roles, password };
    return { account: accountMessage(await verb(services, callerOf(context), input)) };
  };
