import { RegistryError } from '@mcr/core';
import { requireAdmin } from '../admin/require-admin.ts';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';

/** Admin only, and only where accounts are the registry's own: `UNSUPPORTED` where MCIAS keeps them. */
export async function requireLocalAccounts(context: ServiceContext, caller: Caller, verb: string): Promise<void> {
  await requireAdmin(context, caller, verb);
  if (context.settings.localAccounts) return;
  throw new RegistryError('UNSUPPORTED', 'Accounts are kept by MCIAS here; manage them there', {
    // No method would do.
    headers: { Allow: '' },
  });
}

/** The refusal for an account that does not exist. */
export function accountUnknown(id: string): RegistryError {
  return new RegistryError('NOT_FOUND', 'There is no such account', { detail: { id: id.slice(0, 64) } });
}
