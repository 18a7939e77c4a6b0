import {
  denials,
  type Fields,
  fewOddBodies,
  fieldSteps,
  objectOf,
  oddBodies,
  restPages,
  rpcPages,
} from './_corpus-odd.ts';
import { call, type Step, step } from './_corpus-step.ts';

const service = 'mcr.v1.AdminService';
const password = '"{{password}}"';
const restAccount = (word: string): Fields => ({
  username: `"rest-${word}"`,
  account_type: '"system"',
  roles: '["ci"]',
  password,
});
const rpcAccount = (word: string): Fields => ({
  username: `"rpc-${word}"`,
  accountType: '"human"',
  roles: '["ci","dev"]',
  password,
});
/** A password that is too short is found last, so that nothing has to be hashed where a body is accepted. */
const short = '"short"';
const restTry = (word: string): Fields => ({ ...restAccount(word), password: short });
const rpcTry = (word: string): Fields => ({ ...rpcAccount(word), password: short });
const robot = '{{robot}}';
const strange = '{{strange}}';
const names = ['Ada', 'a b', '-a', '.a', 'a/b', 'ä', 'a{{repeat:b:63}}', 'a{{repeat:b:64}}', 'admin'];
const passwords = [
  '1234567',
  '12345678',
  '{{repeat:p:256}}',
  '{{repeat:p:257}}',
  '{{repeat:p:1024}}',
  '{{repeat:p:1025}}',
];
const roleLists = [
  '["A"]',
  '["a b"]',
  '["admin"]',
  '[]',
  JSON.stringify(Array.from({ length: 51 }, (_, at) => `r${at}`)),
];

/** Before there is another account with the role. */
const lastAdmin: readonly Step[] = [
  step('switches the last admin off', 'PATCH /v1/accounts/{{admin}}', { enabled: false }),
  step('takes the role from the last admin', 'PATCH /v1/accounts/{{admin}}', { roles: [] }),
  step('deletes the last admin', 'DELETE /v1/accounts/{{admin}}'),
  call('switches the last admin off by Connect', `${service}/UpdateAccount`, { id: '{{admin}}', enabled: false }),
  call('deletes the last admin by Connect', `${service}/DeleteAccount`, { id: '{{admin}}' }),
];

/** Accounts over REST. */
const rest: readonly Step[] = [
  ...restPages('/v1/accounts', { good: 'person' }),
  ...denials('GET /v1/accounts'),
  step('an account with all that it can have', 'POST /v1/accounts', objectOf(restAccount('first')), {
    capture: { ada: 'id' },
  }),
  step('an account with the least', 'POST /v1/accounts', { username: 'least', password: '{{password}}' }),
  step('the same name again', 'POST /v1/accounts', { username: 'least', password: '{{password}}' }),
  ...denials('POST /v1/accounts', objectOf(restAccount('first'))),
  ...fieldSteps('POST /v1/accounts', restTry, {
    username: 'text',
    account_type: 'text',
    roles: 'list',
    password: 'text',
  }),
  ...names.map((name) =>
    step(`a new account called ${name}`, 'POST /v1/accounts', objectOf({ ...restAccount(''), username: `"${name}"` })),
  ),
  ...passwords.map((it, at) =>
    step(`a new account with the password ${it}`, 'POST /v1/accounts', { username: `pass-${at}`, password: it }),
  ),
  ...roleLists.map((it, at) =>
    step(
      `a new account with the roles ${it}`,
      'POST /v1/accounts',
      objectOf({ ...restAccount(''), username: `"roles-${at}"`, roles: it }),
    ),
  ),
  ...oddBodies('POST /v1/accounts', restTry),
  step('a new account in a body that is too large', 'POST /v1/accounts', '{"username":"{{repeat:x:270000}}"}'),
  step('several things wrong with a new account', 'POST /v1/accounts', { username: 'A', roles: ['B'], surprise: 1 }),
  ...denials('PATCH /v1/accounts/{{robot}}', '{"enabled":true}'),
  step('switches an account off', `PATCH /v1/accounts/${robot}`, { enabled: false }),
  step('what an account does that is off', 'GET /v1/auth/whoami', undefined, { as: 'robot' }),
  step('switches it on', `PATCH /v1/accounts/${robot}`, { enabled: true }),
  step('gives an account other roles', `PATCH /v1/accounts/${robot}`, { roles: ['dev', 'ci'] }),
  step('gives an account another password', `PATCH /v1/accounts/${robot}`, { password: 'another password' }),
  step('changes all of an account', `PATCH /v1/accounts/${robot}`, {
    password: '{{password}}',
    roles: [],
    enabled: true,
  }),
  step('changes an account in upper case', 'PATCH /v1/accounts/01234567-89AB-CDEF-0123-456789ABCDEF', {
    enabled: true,
  }),
  ...fieldSteps(`PATCH /v1/accounts/${robot}`, () => ({ enabled: 'true', roles: '["ci"]', password: short }), {
    enabled: 'boolean',
    roles: 'list',
    password: 'text',
    username: 'text',
  }),
  ...fewOddBodies(`PATCH /v1/accounts/${robot}`, () => ({ enabled: 'true' })),
  ...[strange, 'x', '%20', '{{repeat:x:300}}', 'a%2Fb', `${strange}/x`].flatMap((id) => [
    step(`changes the account ${id}`, `PATCH /v1/accounts/${id}`, { enabled: true }),
    step(`deletes the account ${id}`, `DELETE /v1/accounts/${id}`),
  ]),
  step('changes an account with a query', `PATCH /v1/accounts/${robot}?enabled=false`, { roles: [] }),
  step('changes an account with a parameter twice', `PATCH /v1/accounts/${robot}?a=1&a=2`, { roles: [] }),
  ...denials('DELETE /v1/accounts/{{ada}}'),
  step('deletes an account with a body', 'DELETE /v1/accounts/{{ada}}', '{'),
  step('deletes it again', 'DELETE /v1/accounts/{{ada}}'),
  step('HEAD of an account', `HEAD /v1/accounts/${robot}`),
  step('GET of an account', `GET /v1/accounts/${robot}`),
];

/** Accounts by Connect. */
const rpc: readonly Step[] = [
  ...rpcPages(`${service}/ListAccounts`),
  ...fewOddBodies(`POST /${service}/ListAccounts`, () => ({ pageSize: '1' })),
  ...denials(`POST /${service}/ListAccounts`, '{}'),
  call('an account by Connect', `${service}/CreateAccount`, objectOf(rpcAccount('first')), {
    capture: { bob: 'account.id' },
  }),
  call('the same account by Connect again', `${service}/CreateAccount`, objectOf(rpcAccount('first'))),
  ...denials(`POST /${service}/CreateAccount`, objectOf(rpcAccount('first'))),
  ...fieldSteps(`POST /${service}/CreateAccount`, rpcTry, {
    username: 'text',
    accountType: 'text',
    roles: 'list',
    password: 'text',
  }),
  ...names.map((name) =>
    call(
      `an account by Connect called ${name}`,
      `${service}/CreateAccount`,
      objectOf({ ...rpcAccount(''), username: `"${name}"` }),
    ),
  ),
  ...passwords.map((it, at) =>
    call(`an account by Connect with the password ${it}`, `${service}/CreateAccount`, {
      username: `word-${at}`,
      password: it,
    }),
  ),
  ...roleLists.map((it, at) =>
    call(
      `an account by Connect with the roles ${it}`,
      `${service}/CreateAccount`,
      objectOf({ ...rpcAccount(''), username: `"part-${at}"`, roles: it }),
    ),
  ),
  ...oddBodies(`POST /${service}/CreateAccount`, rpcTry),
  ...denials(`POST /${service}/UpdateAccount`, '{"id":"{{robot}}"}'),
  call('changes an account by Connect', `${service}/UpdateAccount`, {
    id: robot,
    enabled: true,
    roles: { values: ['ci'] },
  }),
  call('empties the roles of an account by Connect', `${service}/UpdateAccount`, { id: robot, roles: {} }),
  ...fieldSteps(`POST /${service}/UpdateAccount`, () => ({ id: `"${robot}"`, enabled: 'true' }), {
    id: 'text',
    password: 'text',
    enabled: 'boolean',
    roles: 'object',
  }),
  call('changes roles by Connect to null', `${service}/UpdateAccount`, { id: robot, roles: { values: null } }),
  call('changes roles by Connect to a list', `${service}/UpdateAccount`, { id: robot, roles: ['ci'] }),
  call('changes roles by Connect to bad ones', `${service}/UpdateAccount`, { id: robot, roles: { values: ['B'] } }),
  ...fewOddBodies(`POST /${service}/UpdateAccount`, () => ({ id: `"${robot}"`, enabled: 'true' })),
  call('changes an unknown account by Connect', `${service}/UpdateAccount`, { id: strange, enabled: true }),
  ...denials(`POST /${service}/DeleteAccount`, '{"id":"{{bob}}"}'),
  ...fieldSteps(`POST /${service}/DeleteAccount`, () => ({ id: '"{{bob}}"' }), { id: 'text' }),
  call('deletes an account by Connect', `${service}/DeleteAccount`, { id: '{{bob}}' }),
  call('deletes an account by Connect again', `${service}/DeleteAccount`, { id: '{{bob}}' }),
];

export const accountSteps: readonly Step[] = [...lastAdmin, ...rest, ...rpc];
