import { checkPassword, hashPassword } from '@mcr/auth';
import { RegistryError } from '@mcr/core';
import { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { networkOf } from '@mcr/server-kit';
import type { ServiceContext } from '../../services/context.ts';
import { login } from '../../services/identity/login.ts';
import { accountUnknown } from '../accounts/account.ts';
import { changeBy } from '../call.ts';
import { operation } from '../operation.ts';

/**
 * Gives the caller's own account another password, which ends all of its tokens; the one that is returned is new. The
 * current password is checked as at a login, with its limits and its events. `PARAMETER_INVALID` for a wrong one and for a
 * new one that is too short, `TOOMANYREQUESTS`, `UNSUPPORTED` where MCIAS keeps the passwords.
 */
export const changePassword = operation(
  AuthService.method.changePassword,
  async (services, call, { currentPassword, newPassword }) => {
    if (call.caller.principal.isFederated === true) throw notHere('where you sign in');
    checkPassword(newPassword);
    const { ip, signal, caller } = call;
    const { id, username } = caller.principal;
    await login(services, { username, password: currentPassword, ip, signal }).catch(rejectCurrent);
    const patch = { passwordHash: await hashPassword(newPassword, { address: networkOf(ip), signal }) };
    const changed = await services.store.accounts.update({ id, patch, ...changeBy(services, call) });
    if (changed === undefined) throw accountUnknown(id);
    const { token, expiresAt } = await login(services, { username, password: newPassword, ip, signal });
    return { token, expiresAt };
  },
  { admit: requireLocalPasswords },
);

function requireLocalPasswords({ settings }: ServiceContext): void {
  if (settings.localAccounts) return;
  throw notHere('by MCIAS here');
}

function notHere(by: string): RegistryError {
  return new RegistryError('UNSUPPORTED', `Passwords are kept ${by}; change yours there`, { allowedMethods: [] });
}

/** Not 401: clients would take that for the end of their token. */
function rejectCurrent(error: unknown): never {
  if (!(error instanceof RegistryError) || error.code !== 'UNAUTHORIZED') throw error;
  throw new RegistryError('PARAMETER_INVALID', 'The current password is wrong', { cause: error });
}
