import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { operation } from '../operation.ts';

/** What garbage collection is doing, what it did last, and what waits for it; from the database, so that it is the same after a restart. */
export const getGcStatus = operation(RegistryService.method.getGCStatus, async ({ store, collector }) => {
  const runs = await store.gc.listRuns({ limit: 2 });
  const currentRun = runs.find(({ state }) => state === 'running');
  return {
    running: currentRun !== undefined,
    currentRun,
    lastRun: runs.find(({ state }) => state !== 'running'),
    pending: await store.gc.pending(),
    nextRunAt: collector.nextRunAt,
  };
});
