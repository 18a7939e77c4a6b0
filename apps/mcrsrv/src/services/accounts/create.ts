import { randomUUID } from 'node:crypto';
import { checkPassword, hashPassword } from '@mcr/auth';
import type { Account } from '@mcr/core';
import { networkOf } from '@mcr/server-kit';
import { actorOf, type Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { accountInput } from './account-input.ts';
import { requireLocalAccounts } from './require-local.ts';

/** Creates a local account. Admin only. `PARAMETER_INVALID`, `CONFLICT` when the name is taken. */
export async function createAccount(context: ServiceContext, caller: Caller, input: unknown): Promise<Account> {
  await requireLocalAccounts(context, caller, 'create account');
  const { username, account_type: type, roles, password } = parseInput(accountInput, input);
  checkPassword(password);
  const passwordHash = await hashPassword(password, { address: networkOf(caller.ip) });
  return await context.store.createAccount({
    account: { id: randomUUID(), username, type, roles, passwordHash },
    actor: actorOf(caller),
    now: context.clock.now(),
  });
}
