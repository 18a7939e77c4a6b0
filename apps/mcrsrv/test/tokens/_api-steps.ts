import { AuthService } from '@mcr/rpc/mcr/v1/auth_pb';
import { rpcCall } from '../_util/outcomes.ts';
import { testPassword } from '../_util/server.ts';
import type { Step } from '../admin-api/_step.ts';

const { method } = AuthService;
const login = (username: string, password: string): Pick<Step, 'as' | 'call'> => ({
  as: 'anonymous',
  call: rpcCall(method.login, { username, password }),
});

/** Logins, and what a token says. */
export const loginSteps: readonly Step[] = [
  {
    name: 'log in',
    ...login('person', testPassword),
    view: ({ token, expires_at }) => ({ token, expires_at }),
    data: { token: 'TOKEN' },
  },
  { name: 'log in with a wrong password', ...login('person', 'wrong'), rejected: 'unauthenticated' },
  {
    name: 'sign in at a provider that the registry does not have',
    as: 'anonymous',
    call: rpcCall(method.signIn, { provider: 'corp' }),
    rejected: 'missing',
  },
  {
    name: 'ask who one is',
    as: 'machine',
    call: rpcCall(method.whoAmI, {}),
    view: ({ principal, expires_at }) => ({ ...principal, expires_at }),
    data: { username: 'machine', account_type: 'system', roles: [] },
  },
];

/** The end of a session. */
export const logoutSteps: readonly Step[] = [
  {
    name: 'change the own password without the current one',
    as: 'person',
    call: rpcCall(method.changePassword, { currentPassword: 'wrong', newPassword: 'another password' }),
    rejected: 'invalid',
  },
  {
    name: 'log out',
    as: 'person',
    call: rpcCall(method.logout, {}),
    data: {},
  },
];
