import type { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { callerOf } from '../call.ts';
import { timestamp } from '../convert.ts';
import { principalMessage } from '../messages.ts';
import type { Method } from '../method.ts';

export const whoAmI: Method<typeof AuthService, 'whoAmI'> = () => (_request, context) => {
  const { principal, expiresAt } = callerOf(context);
  return { principal: principalMessage(principal), expiresAt: timestamp(expiresAt) };
};
