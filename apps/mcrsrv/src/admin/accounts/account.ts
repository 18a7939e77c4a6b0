import { type Account, RegistryError } from '@mcr/core';
import type { Account as AccountMessage } from '@mcr/rpc/mcr/v1/admin_pb';
import type { ServiceContext } from '../../services/context.ts';
import type { Plain } from '../plain.ts';

/** What operations on accounts work with; the command line of the host has no more than this. */
export interface AccountParts extends Pick<ServiceContext, 'store' | 'clock'> {
  readonly settings: Pick<ServiceContext['settings'], 'localAccounts'>;
}

/** An account as the API shows it. */
export function shownAccount({ type, ...account }: Account): Plain<AccountMessage> {
  return { ...account, accountType: type };
}

/** Throws `UNSUPPORTED` where MCIAS keeps the accounts. */
export function requireLocalAccounts({ settings }: Pick<AccountParts, 'settings'>): void {
  if (settings.localAccounts) return;
  throw new RegistryError('UNSUPPORTED', 'Accounts are kept by MCIAS here; manage them there', {
    allowedMethods: [],
  });
}

/** The error for an account that does not exist. */
export function accountUnknown(id: string): RegistryError {
  return new RegistryError('NOT_FOUND', 'There is no such account', { detail: { id: id.slice(0, 64) } });
}
