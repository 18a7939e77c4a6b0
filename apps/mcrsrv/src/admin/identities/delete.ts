import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { changeBy } from '../call.ts';
import { operation } from '../operation.ts';
import { identityUnknown } from './update.ts';

/** Removes a person, whose tokens end and whose name is free. `NOT_FOUND`. */
export const deleteIdentity = operation(AdminService.method.deleteIdentity, async (services, call, { id }) => {
  if (!(await services.store.identities.delete({ id, ...changeBy(services, call) }))) throw identityUnknown(id);
  return {};
});
