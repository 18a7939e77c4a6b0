import type { AuditService } from '@mcr/rpc/mcr/v1/audit_pb';
import { getActivity as verb } from '../../services/audit/activity.ts';
import { callerOf } from '../call.ts';
import { int64, timestamp } from '../convert.ts';
import type { Method } from '../method.ts';

export const getActivity: Method<typeof AuditService, 'getActivity'> =
  ({ services }) =>
  async ({ days }, context) => {
    const activity = await verb(services, callerOf(context), days);
    return {
      days: activity.map(({ start, pushes, pulls, denials }) => ({
        start: timestamp(start),
        pushes: int64(pushes),
        pulls: int64(pulls),
        denials: int64(denials),
      })),
    };
  };
