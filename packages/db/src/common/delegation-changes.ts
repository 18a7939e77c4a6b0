import { RegistryError } from '@mcr/core';
import type { Delegation, NewDelegation } from '../facets/delegations.ts';

/** The error for a delegation that the account has. */
export function delegationGranted({ accountName, pattern }: NewDelegation): RegistryError {
  const message = `${accountName} is a delegate for ${pattern} already`;
  return new RegistryError('CONFLICT', message, { detail: { username: accountName, pattern } });
}

/** The error for an account that has as many delegations as it may. */
export function tooManyDelegations({ accountName }: NewDelegation, limit: number): RegistryError {
  const message = `${accountName} has ${limit} delegations, the most that an account may have`;
  return new RegistryError('CONFLICT', message, { detail: { username: accountName } });
}

/** What events say of a delegation. */
export function describeDelegation({ id, accountId, accountName, pattern }: Delegation): Record<string, string> {
  return { delegation_id: id, account_id: accountId, username: accountName, pattern };
}
