import { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { operation } from '../operation.ts';

/** Whose token it is, and when it ends. */
export const whoAmI = operation(AuthService.method.whoAmI, ({ settings }, { caller }) => ({
  principal: caller.principal,
  expiresAt: caller.expiresAt,
  local: settings.localAccounts && caller.principal.isFederated !== true,
}));
