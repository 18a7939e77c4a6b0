import { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { signOutLocation } from '../../services/sign-in/sign-out.ts';
import { operation } from '../operation.ts';

/** Makes the caller's token worthless, where the identity provider can, and says where to sign out as well. */
export const logout = operation(AuthService.method.logout, async (services, { token, caller, actor }) => {
  const { identity, audit, clock } = services;
  await identity.revoke(token);
  await audit.record({ type: 'logout', at: clock.now(), actor, details: {} });
  return { location: await signOutLocation(services, caller) };
});
