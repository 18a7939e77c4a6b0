import type { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { changePassword as verb } from '../../services/accounts/change-password.ts';
import { callerOf } from '../call.ts';
import { timestamp } from '../convert.ts';
import type { Method } from '../method.ts';

export const changePassword: Method<typeof AuthService, 'changePassword'> =
  ({ services }) =>
  async ({ currentPassword, newPassword }, context) => {
    const input = { current_password: currentPassword, new_password: newPassword };
    const { token, expiresAt } = await verb(services, callerOf(context), input, context.signal);
    return { token, expiresAt: timestamp(expiresAt) };
  };
