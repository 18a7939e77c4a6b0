import { checkPassword, hashPassword } from '@mcr/auth';
import type { Account } from '@mcr/core';
import { networkOf } from '@mcr/server-kit';
import { actorOf, type Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { parseInput } from '../parse-input.ts';
import { accountPatch } from './account-input.ts';
import { accountUnknown, requireLocalAccounts } from './require-local.ts';

/**
 * Changes password, roles or the enabled flag, in force at once. Admin only. `PARAMETER_INVALID`, `NOT_FOUND`, and
 * `CONFLICT` when no enabled admin would be left.
 */
export async function updateAccount(
  context: ServiceContext,
  caller: Caller,
  id: string,
  input: unknown,
): Promise<Account> {
  await requireLocalAccounts(context, caller, 'update account');
  const { password, enabled, roles } = parseInput(accountPatch, input);
  if (password !== undefined) checkPassword(password);
  const account = await context.store.updateAccount({
    id,
    patch: {
      ...(password !== undefined && { passwordHash: await hashPassword(password, { address: networkOf(caller.ip) }) }),
      ...(enabled !== undefined && { enabled }),
      ...(roles !== undefined && { roles }),
    },
    actor: actorOf(caller),
    now: context.clock.now(),
  });
  if (account === undefined) throw accountUnknown(id);
  return account;
}
