import { type Account, isAdmin } from '@mcr/core';
import type { AccountPatch } from '../facets/accounts.ts';

/** What an account may do here, as far as it is about staying an admin. */
export type Standing = Pick<Account, 'enabled' | 'roles'>;

/** Whether the account is an enabled admin. */
export function governs({ enabled, roles }: Standing): boolean {
  return enabled && isAdmin({ roles });
}

/** A patch in the words of the audit log: that the password changed, not what is stored of it. */
export function describePatch({ passwordHash, enabled, roles }: AccountPatch): Record<string, string> {
  return {
    ...(passwordHash === undefined ? {} : { password: 'changed' }),
    ...(enabled === undefined ? {} : { enabled: String(enabled) }),
    ...(roles === undefined ? {} : { roles: roles.join(',') }),
  };
}
