import type { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { gcStatus } from '../../services/gc/status.ts';
import { callerOf } from '../call.ts';
import { int64, timestamp } from '../convert.ts';
import { runMessage } from '../messages.ts';
import type { Method } from '../method.ts';

export const getGCStatus: Method<typeof RegistryService, 'getGCStatus'> =
  ({ services }) =>
  async (_request, context) => {
    const { running, currentRun, lastRun, pending, nextRunAt } = await gcStatus(services, callerOf(context));
    return {
      running,
      ...(currentRun && { currentRun: runMessage(currentRun) }),
      ...(lastRun && { lastRun: runMessage(lastRun) }),
      pending: {
        blobs: pending.blobs,
        bytes: int64(pending.bytes),
        firstDueAt: timestamp(pending.firstDueAt),
        lastDueAt: timestamp(pending.lastDueAt),
      },
      nextRunAt: timestamp(nextRunAt),
    };
  };
