import { clientGone } from '../../http/client-gone.ts';
import { changePassword, passwordChange } from '../../services/accounts/change-password.ts';
import { login } from '../../services/identity/login.ts';
import { logout } from '../../services/identity/logout.ts';
import { parseInput } from '../../services/parse-input.ts';
import { open, signedIn } from '../route.ts';
import { loginBody, tokenAnswer, whoAmIAnswer } from '../schemas.ts';
import { callerShape } from '../shapes.ts';

export const postLogin = open({
  method: 'POST',
  path: '/v1/auth/login',
  summary: 'Exchange a username and a password for a token',
  body: loginBody,
  answer: { status: 200, description: 'The token', schema: tokenAnswer },
  handle: async ({ c, services, body, ip }) => {
    const credentials = parseInput(loginBody, body);
    const { token, expiresAt } = await login(services, { ...credentials, ip, signal: clientGone(c.env.outgoing) });
    return { status: 200, body: { token, expires_at: new Date(expiresAt).toISOString() } };
  },
});

export const postLogout = signedIn({
  method: 'POST',
  path: '/v1/auth/logout',
  access: 'account',
  summary: 'Revoke the token of this request',
  answer: { status: 204, description: 'It is revoked, where the identity provider can' },
  handle: async ({ services, caller, token }) => {
    await logout(services, caller, token);
    return { status: 204 };
  },
});

export const postPassword = signedIn({
  method: 'POST',
  path: '/v1/auth/password',
  access: 'account',
  summary: "Change the caller's own password, which ends all tokens of the account",
  body: passwordChange,
  answer: { status: 200, description: 'A new token', schema: tokenAnswer },
  handle: async ({ c, services, caller, body }) => {
    const signal = clientGone(c.env.outgoing);
    const { token, expiresAt } = await changePassword(services, caller, body, signal);
    return { status: 200, body: { token, expires_at: new Date(expiresAt).toISOString() } };
  },
});

export const getWhoAmI = signedIn({
  method: 'GET',
  path: '/v1/auth/whoami',
  access: 'account',
  summary: 'Whose token this is',
  answer: { status: 200, description: 'The account, and when the token ends', schema: whoAmIAnswer },
  handle: async ({ caller }) => ({ status: 200, body: callerShape(caller) }),
});
