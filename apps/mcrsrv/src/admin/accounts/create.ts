import { randomUUID } from 'node:crypto';
import { checkPassword, hashPassword } from '@mcr/auth';
import { type AccountType, isReservedName, RegistryError } from '@mcr/core';
import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { networkOf } from '@mcr/server-kit';
import { changeBy } from '../call.ts';
import { operation } from '../operation.ts';
import { type AccountParts, requireLocalAccounts, shownAccount } from './account.ts';

/** Creates a local account. `CONFLICT` when the name is taken, `PARAMETER_INVALID` when it is reserved. */
export const createAccount = operation(
  AdminService.method.createAccount,
  async (services: AccountParts, call, { username, accountType, roles, password }) => {
    if (isReservedName(username))
      throw new RegistryError(
        'PARAMETER_INVALID',
        `the name ${username} is reserved for guests, who have no account: choose another one`,
      );
    checkPassword(password);
    const passwordHash = await hashPassword(password, { address: networkOf(call.ip) });
    const type = (accountType || 'human') as AccountType;
    const account = { id: randomUUID(), username, type, roles, passwordHash };
    return { account: shownAccount(await services.store.accounts.create({ account, ...changeBy(services, call) })) };
  },
  { admit: requireLocalAccounts },
);
