import { denials } from './_corpus-odd.ts';
import { call, type Step, step } from './_corpus-step.ts';

const admin = 'mcr.v1.AdminService';
const auth = 'mcr.v1.AuthService';
const root = { username: 'root', password: '{{password}}' };
const as = '{{root}}';
const change = { current_password: '{{password}}', new_password: 'long enough' };
const account = { username: 'ada', password: '{{password}}' };

/** A registry whose accounts MCIAS keeps. */
export const mciasSteps: readonly Step[] = [
  step('a login', 'POST /v1/auth/login', root, { as: 'none', capture: { root: 'token' } }),
  call('a login by Connect', `${auth}/Login`, root, { as: 'none', capture: { second: 'token' } }),
  step('a login with a wrong password', 'POST /v1/auth/login', { ...root, password: 'wrong' }, { as: 'none' }),
  call('a login by Connect with a wrong password', `${auth}/Login`, { ...root, password: 'wrong' }, { as: 'none' }),
  step(
    'a login of someone else',
    'POST /v1/auth/login',
    { ...root, username: 'person' },
    { as: 'none', capture: { other: 'token' } },
  ),
  step('whose token it is', 'GET /v1/auth/whoami', undefined, { as }),
  call('whose token it is by Connect', `${auth}/WhoAmI`, {}, { as }),
  ...denials('GET /v1/auth/whoami', undefined, ['none', 'bad']),
  step('accounts', 'GET /v1/accounts', undefined, { as }),
  step('accounts for someone else', 'GET /v1/accounts', undefined, { as: '{{other}}' }),
  step('a new account', 'POST /v1/accounts', account, { as }),
  step('a new account that is invalid', 'POST /v1/accounts', {}, { as }),
  step('a change of an account', 'PATCH /v1/accounts/1', { enabled: false }, { as }),
  step('the end of an account', 'DELETE /v1/accounts/1', undefined, { as }),
  step('a new password', 'POST /v1/auth/password', change, { as }),
  step('a new password that is invalid', 'POST /v1/auth/password', {}, { as }),
  call('accounts by Connect', `${admin}/ListAccounts`, {}, { as }),
  call('a new account by Connect', `${admin}/CreateAccount`, account, { as }),
  call('a change of an account by Connect', `${admin}/UpdateAccount`, { id: '1', enabled: false }, { as }),
  call('the end of an account by Connect', `${admin}/DeleteAccount`, { id: '1' }, { as }),
  call(
    'a new password by Connect',
    `${auth}/ChangePassword`,
    { currentPassword: 'x', newPassword: 'long enough' },
    { as },
  ),
  step('policy about oneself', 'POST /v1/policy/explain', { action: 'registry:catalog' }, { as: '{{other}}' }),
  step(
    'policy about a name',
    'POST /v1/policy/explain',
    { action: 'registry:catalog', principal: { username: 'person' } },
    { as },
  ),
  step(
    'policy about an unknown name',
    'POST /v1/policy/explain',
    { action: 'registry:catalog', principal: { username: 'unknown' } },
    { as },
  ),
  step('logins in the audit log', 'GET /v1/audit?n=3', undefined, { as }),
  step('a logout', 'POST /v1/auth/logout', undefined, { as }),
  step('the token after it', 'GET /v1/auth/whoami', undefined, { as }),
  call('a logout by Connect', `${auth}/Logout`, {}, { as: '{{second}}' }),
  call('the token after it by Connect', `${auth}/WhoAmI`, {}, { as: '{{second}}' }),
];
