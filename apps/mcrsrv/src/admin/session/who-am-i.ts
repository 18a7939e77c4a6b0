import { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { scopeOf } from '../../services/delegates.ts';
import { operation } from '../operation.ts';

/** Whose token it is, when it ends, and what the account is a delegate for. */
export const whoAmI = operation(AuthService.method.whoAmI, async (services, { caller }) => ({
  principal: caller.principal,
  expiresAt: caller.expiresAt,
  local: services.settings.localAccounts && caller.principal.isFederated !== true,
  delegations: await scopeOf(services, caller),
}));
