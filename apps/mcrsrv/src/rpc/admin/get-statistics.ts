import type { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { getStatistics as verb } from '../../services/statistics.ts';
import { callerOf } from '../call.ts';
import { int64 } from '../convert.ts';
import type { Method } from '../method.ts';

export const getStatistics: Method<typeof AdminService, 'getStatistics'> =
  ({ services }) =>
  async (_request, context) => {
    const { blobBytes, ...counts } = await verb(services, callerOf(context));
    return { ...counts, blobBytes: int64(blobBytes) };
  };
