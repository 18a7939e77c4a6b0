import { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { login as issue } from '../../services/identity/login.ts';
import { operation } from '../operation.ts';

/** Exchanges credentials for a token. `UNAUTHORIZED`, `UNAVAILABLE`, `TOOMANYREQUESTS`. */
export const login = operation(AuthService.method.login, async (services, { ip, signal }, { username, password }) => {
  const { token, expiresAt, principal } = await issue(services, { username, password, ip, signal });
  return { token, expiresAt, principal };
});
