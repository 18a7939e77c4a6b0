import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { operation } from '../operation.ts';

/** Starts a garbage collection and returns at once. `CONFLICT` while one is running. */
export const garbageCollect = operation(
  RegistryService.method.garbageCollect,
  async ({ collector }, { actor }, { reconcile }) => ({
    run: await collector.start({ reconcile, trigger: 'api', actor }),
  }),
);
