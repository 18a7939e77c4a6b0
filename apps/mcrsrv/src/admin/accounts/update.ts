import { checkPassword, hashPassword } from '@mcr/auth';
import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { networkOf } from '@mcr/server-kit';
import { changeBy } from '../call.ts';
import { operation } from '../operation.ts';
import { type AccountParts, accountUnknown, requireLocalAccounts, shownAccount } from './account.ts';

/** Changes password, roles or the enabled flag, in force at once. `NOT_FOUND`, `CONFLICT` when no enabled admin would be left. */
export const updateAccount = operation(
  AdminService.method.updateAccount,
  async (services: AccountParts, call, { id, password, enabled, roles }) => {
    if (password !== undefined) checkPassword(password);
    const account = await services.store.accounts.update({
      id,
      patch: {
        ...(password !== undefined && { passwordHash: await hashPassword(password, { address: networkOf(call.ip) }) }),
        ...(enabled !== undefined && { enabled }),
        ...(roles !== undefined && { roles: roles.values }),
      },
      evenLastAdmin: call.evenLastAdmin ?? false,
      ...changeBy(services, call),
    });
    if (account === undefined) throw accountUnknown(id);
    return { account: shownAccount(account) };
  },
  { admit: requireLocalAccounts },
);
