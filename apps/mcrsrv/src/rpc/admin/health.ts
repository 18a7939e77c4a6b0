import { commit, version } from '@mcr/core';
import type { AdminService } from '@mcr/rpc/mcr/v1/admin_pb';
import type { Method } from '../method.ts';

export const health: Method<typeof AdminService, 'health'> =
  ({ publicUrl, port }) =>
  () => ({ status: 'ok', version, ...(commit !== undefined && { commit }), publicUrl, port });
