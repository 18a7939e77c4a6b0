import type { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { logout as verb } from '../../services/identity/logout.ts';
import { callerOf, tokenOf } from '../call.ts';
import type { Method } from '../method.ts';

export const logout: Method<typeof AuthService, 'logout'> =
  ({ services }) =>
  async (_request, context) => {
    await verb(services, callerOf(context), tokenOf(context));
    return {};
  };
