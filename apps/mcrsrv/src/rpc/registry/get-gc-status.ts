import type { RegistryService } from '@mcr/rpc/mcr/v1/registry_pb';
import { gcStatus } from '../../services/gc/status.ts';
import { callerOf } from '../call.ts';
import { runMessage } from '../messages.ts';
import type { Method } from '../method.ts';

export const getGCStatus: Method<typeof RegistryService, 'getGCStatus'> =
  ({ services }) =>
  async (_request, context) => {
    const { running, currentRun, lastRun } = await gcStatus(services, callerOf(context));
    return {
      running,
      ...(currentRun && { currentRun: runMessage(currentRun) }),
      ...(lastRun && { lastRun: runMessage(lastRun) }),
    };
  };
