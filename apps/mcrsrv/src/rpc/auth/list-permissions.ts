import type { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { listPermissions as verb } from '../../services/policy/permissions.ts';
import { callerOf } from '../call.ts';
import type { Method } from '../method.ts';

export const listPermissions: Method<typeof AuthService, 'listPermissions'> =
  ({ services }) =>
  async ({ repository }, context) => ({
    permissions: await verb(services, callerOf(context), repository === '' ? undefined : repository),
  });
