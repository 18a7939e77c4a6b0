import { RegistryError } from '@mcr/core';
import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { changeBy } from '../call.ts';
import { operation } from '../operation.ts';

/** Blocks a person, in force at once, or ends that. `NOT_FOUND`. */
export const updateIdentity = operation(AdminService.method.updateIdentity, async (services, call, { id, blocked }) => {
  const identity = await services.store.identities.setBlocked({ id, blocked, ...changeBy(services, call) });
  if (identity === undefined) throw identityUnknown(id);
  return { identity };
});

/** The error for a person who does not exist. */
export function identityUnknown(id: string): RegistryError {
  return new RegistryError('NOT_FOUND', 'There is no such person', { detail: { id: id.slice(0, 64) } });
}
