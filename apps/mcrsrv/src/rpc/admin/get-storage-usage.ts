import type { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import { getReferencedBytes } from '../../services/storage-usage.ts';
import { callerOf } from '../call.ts';
import { int64 } from '../convert.ts';
import type { Method } from '../method.ts';

export const getStorageUsage: Method<typeof AdminService, 'getStorageUsage'> =
  ({ services }) =>
  async (_request, context) => ({
    referencedBytes: int64(await getReferencedBytes(services, callerOf(context))),
  });
