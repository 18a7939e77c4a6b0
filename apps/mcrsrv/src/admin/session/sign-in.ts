import { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { beginSignIn } from '../../services/sign-in/begin.ts';
import { finishSignIn } from '../../services/sign-in/finish.ts';
import { operation } from '../operation.ts';

/** Begins or finishes a sign-in at a provider. `UNAUTHORIZED`, `DENIED`, `NOT_FOUND`, `TOOMANYREQUESTS`, `UNAVAILABLE`. */
export const signIn = operation(
  AuthService.method.signIn,
  async (services, { ip }, { provider, loopbackPort, state, callback }) => {
    if (state === '') return { ...(await beginSignIn(services, { provider, loopbackPort })), token: '' };
    const { token, expiresAt, principal } = await finishSignIn(services, { state, callback, ip });
    return { token, expiresAt, principal, location: '', state: '' };
  },
);
