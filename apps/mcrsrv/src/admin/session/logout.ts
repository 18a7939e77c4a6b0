import { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { operation } from '../operation.ts';

/** Makes the caller's token worthless, where the identity provider can. */
export const logout = operation(AuthService.method.logout, async ({ identity, audit, clock }, { token, actor }) => {
  await identity.revoke(token);
  await audit.record({ type: 'logout', at: clock.now(), actor, details: {} });
  return {};
});
