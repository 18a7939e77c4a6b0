import type { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { requestSnapshot } from '../../services/snapshots/request.ts';
import { callerOf } from '../call.ts';
import { snapshotMessage } from '../messages.ts';
import type { Method } from '../method.ts';

export const snapshot: Method<typeof AdminService, 'snapshot'> =
  ({ services }) =>
  async (_request, context) => ({ snapshot: snapshotMessage(await requestSnapshot(services, callerOf(context))) });
