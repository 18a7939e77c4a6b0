import type { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { triggerGc } from '../../services/gc/trigger.ts';
import { callerOf } from '../call.ts';
import { runMessage } from '../messages.ts';
import type { Method } from '../method.ts';

export const garbageCollect: Method<typeof RegistryService, 'garbageCollect'> =
  ({ services }) =>
  async ({ reconcile }, context) => ({
    run: runMessage(await triggerGc(services, callerOf(context), { reconcile })),
  });
