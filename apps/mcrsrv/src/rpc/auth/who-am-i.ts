import type { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { callerOf } from '../call.ts';
import { timestamp } from '../convert.ts';
import { principalMessage } from '../messages.ts';
import type { Method } from '../method.ts';

export const whoAmI: Method<typeof AuthService, 'whoAmI'> =
  ({ services }) =>
  (_request, context) => {
    const { principal, expiresAt } = callerOf(context);
    const local = services.settings.localAccounts;
    return { principal: principalMessage(principal), expiresAt: timestamp(expiresAt), local };
  };
