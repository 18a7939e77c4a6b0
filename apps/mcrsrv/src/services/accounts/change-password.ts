import { checkPassword, hashPassword, type IssuedToken } from '@mcr/auth';
import { RegistryError } from '@mcr/core';
import { networkOf } from '@mcr/server-kit';
import * as z from 'zod';
import { actorOf, type Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { login } from '../identity/login.ts';
import { parseInput } from '../parse-input.ts';
import { accountUnknown } from './require-local.ts';

/** The password that the account has, and the one that it is to have. */
export const passwordChange = z.strictObject({
  current_password: z.string().max(4_096),
  new_password: z.string().max(1_024),
});

/**
 * Gives the caller's own account another password, which ends all of its tokens; the one that is returned is new. The
 * current password is checked as at a login, with its limits and its events. `PARAMETER_INVALID` for a wrong one and for a
 * new one that is too short, `TOOMANYREQUESTS`, `UNSUPPORTED` where MCIAS keeps the passwords.
 */
export async function changePassword(
  context: ServiceContext,
  caller: Caller,
  input: unknown,
  signal: AbortSignal,
): Promise<IssuedToken> {
  if (!context.settings.localAccounts) {
    throw new RegistryError('UNSUPPORTED', 'Passwords are kept by MCIAS here; change yours there', {
      headers: { Allow: '' },
    });
  }
  const { current_password: current, new_password: next } = parseInput(passwordChange, input);
  checkPassword(next);
  const { ip, principal } = caller;
  const { id, username } = principal;
  await login(context, { username, password: current, ip, signal }).catch(rejectCurrent);
  const patch = { passwordHash: await hashPassword(next, { address: networkOf(ip), signal }) };
  const changed = await context.store.updateAccount({ id, patch, actor: actorOf(caller), now: context.clock.now() });
  if (changed === undefined) throw accountUnknown(id);
  return await login(context, { username, password: next, ip, signal });
}

/** Not 401: clients would take that for the end of their token. */
function rejectCurrent(error: unknown): never {
  if (!(error instanceof RegistryError) || error.code !== 'UNAUTHORIZED') throw error;
  throw new RegistryError('PARAMETER_INVALID', 'The current password is wrong', { cause: error });
}
