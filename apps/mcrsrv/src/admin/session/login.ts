import { RegistryError } from '@mcr/core';
import { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { login as issue } from '../../services/identity/login.ts';
import { operation } from '../operation.ts';

const scopeless = 'This access token is for images only: create one with the scope admin:read or admin:write';

/** Exchanges credentials for a token. `DENIED` for an access token without a scope, `UNAUTHORIZED`, `UNAVAILABLE`, `TOOMANYREQUESTS`. */
export const login = operation(AuthService.method.login, async (services, { ip, signal }, { username, password }) => {
  const { token, expiresAt, principal, grant } = await issue(services, { username, password, ip, signal });
  if (grant?.scope === 'none') throw new RegistryError('DENIED', scopeless);
  return { token, expiresAt, principal };
});
