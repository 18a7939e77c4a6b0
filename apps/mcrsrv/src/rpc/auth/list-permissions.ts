import type { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { listPermissions as verb } from '../../services/policy/permissions.ts';
import { callerOf } from '../call.ts';
import { int64 } from '../convert.ts';
import type { Method } from '../method.ts';

export const listPermissions: Method<typeof AuthService, 'listPermissions'> =
  ({ services }) =>
  async ({ repository }, context) => {
    const permissions = await verb(services, callerOf(context), repository === '' ? undefined : repository);
    return {
      permissions: permissions.map(({ ruleId, ...permission }) => ({
        ...permission,
        ...(ruleId !== undefined && { ruleId: int64(ruleId) }),
      })),
    };
  };
