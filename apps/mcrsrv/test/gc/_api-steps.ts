import { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { rpcCall } from '../_util/outcomes.ts';
import type { Step } from '../admin-api/_step.ts';

const { method } = RegistryService;

/** A garbage collection, before and after. */
export const gcSteps: readonly Step[] = [
  {
    name: 'look at garbage collection before the first run',
    call: rpcCall(method.getGCStatus, {}),
    data: { running: false, pending: { blobs: 2 } },
  },
  {
    name: 'collect garbage as a person',
    as: 'person',
    call: rpcCall(method.garbageCollect, {}),
    rejected: 'denied',
  },
  {
    name: 'collect garbage',
    call: rpcCall(method.garbageCollect, { reconcile: true }),
    view: ({ run }) => ({ id: run.id }),
    data: { id: 'UUID' },
  },
  {
    name: 'look at garbage collection after it',
    call: rpcCall(method.getGCStatus, {}),
    data: { running: false, last_run: { state: 'completed', reconcile: true, trigger: 'api' } },
  },
  {
    name: 'list garbage collections',
    call: rpcCall(method.listGCRuns, {}),
    data: { runs: [{ id: 'UUID', state: 'completed' }] },
  },
];
