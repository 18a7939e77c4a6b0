import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { removalBy } from '../call.ts';
import { operation } from '../operation.ts';
import { deletionOf } from './plan-deletion.ts';

/** Deletes tags by a plan that still holds, else `CONFLICT`; no plan comes back when it was carried out before. */
export const deleteTags = operation(RegistryService.method.deleteTags, async (services, call, request) => {
  const deletion = { ...deletionOf(request), plan: request.planId, ...removalBy(services, call) };
  return { plan: await services.store.tags.deleteMany(deletion) };
});
