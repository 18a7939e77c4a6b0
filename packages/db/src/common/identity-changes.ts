import { RegistryError } from '@mcr/core';
import type { Identity } from '../facets/identities.ts';

/** The error for a sign-in that was completed before. */
export function attemptCompleted(): RegistryError {
  const message = 'This sign-in was completed before; begin again';
  return new RegistryError('CONFLICT', message, { detail: { attempt: 'completed' } });
}

/** The error for a name that an account or another person has. */
export function nameOfAnother(username: string): RegistryError {
  const message = `The name "${username}" belongs to another account of this registry`;
  return new RegistryError('CONFLICT', message, { detail: { username } });
}

/** What events say of a person. */
export function describeIdentity({ id, username, provider, subject }: Identity): Record<string, string> {
  return { identity_id: id, username, provider, subject };
}
