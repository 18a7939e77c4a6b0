import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { changeBy } from '../call.ts';
import { operation } from '../operation.ts';
import { type AccountParts, accountUnknown, requireLocalAccounts } from './account.ts';

/** Deletes a local account; what it pushed stays. `NOT_FOUND`, `CONFLICT` for the last enabled admin. */
export const deleteAccount = operation(
  AdminService.method.deleteAccount,
  async (services: AccountParts, call, { id }) => {
    const { evenLastAdmin = false } = call;
    const deleted = await services.store.accounts.delete({ id, evenLastAdmin, ...changeBy(services, call) });
    if (!deleted) throw accountUnknown(id);
    return {};
  },
  { admit: requireLocalAccounts },
);
