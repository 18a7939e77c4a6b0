import type { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { deleteAccount as verb } from '../../services/accounts/delete.ts';
import { callerOf } from '../call.ts';
import type { Method } from '../method.ts';

export const deleteAccount: Method<typeof AdminService, 'deleteAccount'> =
  ({ services }) =>
  async ({ id }, context) => {
    await verb(services, callerOf(context), id);
    return {};
  };
