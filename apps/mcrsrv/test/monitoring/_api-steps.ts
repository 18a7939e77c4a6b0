import { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { expect } from 'vitest';
import { rpcCall } from '../_util/outcomes.ts';
import type { Step } from '../admin-api/_step.ts';

const { method } = AdminService;

/** Health, statistics and snapshots. */
export const operationSteps: readonly Step[] = [
  {
    name: 'ask for health anonymously',
    as: 'anonymous',
    call: rpcCall(method.health, {}),
    view: ({ status, version }) => ({ status, version }),
    data: { status: 'ok' },
  },
  {
    name: 'ask whether the parts work',
    as: 'anonymous',
    call: rpcCall(method.ready, {}),
    data: { status: 'ready', checks: { database: 'ok', storage: 'ok' } },
  },
  {
    name: 'ask what all repositories would take',
    call: rpcCall(method.getStorageUsage, {}),
    data: { referenced_bytes: expect.anything() },
  },
  {
    name: 'ask what takes space',
    call: rpcCall(method.describeStorage, {}),
    view: ({ driver, parts }) => ({ driver, own: parts[0] }),
    data: { driver: 'disk', own: { name: 'own' } },
  },
  {
    name: 'ask for statistics',
    call: rpcCall(method.getStatistics, {}),
    data: { repositories: 1, tags: 1, uploads: 0 },
  },
  {
    name: 'ask for statistics as a person',
    as: 'person',
    call: rpcCall(method.getStatistics, {}),
    rejected: 'denied',
  },
  {
    name: 'take a snapshot as a person',
    as: 'person',
    call: rpcCall(method.snapshot, {}),
    rejected: 'denied',
  },
  {
    name: 'take a snapshot',
    call: rpcCall(method.snapshot, {}),
    view: ({ snapshot }) => snapshot.name,
  },
  {
    name: 'list snapshots',
    call: rpcCall(method.listSnapshots, {}),
    view: ({ snapshots }) => snapshots.map(({ name }: { name: string }) => name),
  },
];
