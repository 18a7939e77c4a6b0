import { TokenService } from '@mcr/rpc/mcr/v1/tokens_pb';
import { changeBy } from '../call.ts';
import { operation } from '../operation.ts';
import { managedToken, tokenUnknown } from './token.ts';

/** Revokes a token, and with it everything that it was exchanged for, in all processes. `NOT_FOUND`, `DENIED`. */
export const revokeToken = operation(TokenService.method.revokeToken, async (services, call, { id }) => {
  await managedToken(services, call.caller, id);
  const revoked = await services.store.tokens.revoke({ id, ...changeBy(services, call) });
  if (!revoked) throw tokenUnknown(id);
  return {};
});
