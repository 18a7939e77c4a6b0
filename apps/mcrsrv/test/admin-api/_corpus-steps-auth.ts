import { denials, type Fields, fewOddBodies, fieldSteps, objectOf, oddBodies } from './_corpus-odd.ts';
import { call, type Step, step } from './_corpus-step.ts';

const service = 'mcr.v1.AuthService';
const anyone = { as: 'none' };
/** No password is that long, so that nothing has to be hashed to say that it is wrong. */
const long = '"{{repeat:x:5000}}"';
const credentials = (word: string): Fields => ({ username: `"nobody-${word}"`, password: long });
const right = { username: 'person', password: '{{password}}' };

const logins: readonly Step[] = [
  step('a login', 'POST /v1/auth/login', right, { ...anyone, capture: { first: 'token' } }),
  step('a login with a token that is none', 'POST /v1/auth/login', right, { as: 'bad' }),
  step('a login with a wrong password', 'POST /v1/auth/login', { ...right, password: 'wrong' }, anyone),
  step('a login of an unknown account', 'POST /v1/auth/login', { ...right, username: 'unknown' }, anyone),
  step('a login in upper case', 'POST /v1/auth/login', { ...right, username: 'PERSON' }, anyone),
  step('a login with a long name', 'POST /v1/auth/login', { ...right, username: '{{repeat:x:257}}' }, anyone),
  step('a login in a body that is too large', 'POST /v1/auth/login', '{"username":"{{repeat:x:17000}}"}', anyone),
  ...fieldSteps('POST /v1/auth/login', credentials, { username: 'text', password: 'text' }, anyone),
  ...oddBodies('POST /v1/auth/login', credentials, anyone),
  call('a login by Connect', `${service}/Login`, right, { ...anyone, capture: { second: 'token' } }),
  call('a login by Connect with a wrong password', `${service}/Login`, { ...right, password: 'wrong' }, anyone),
  call(
    'a login by Connect in a message that is too large',
    `${service}/Login`,
    '{"username":"{{repeat:x:17000}}"}',
    anyone,
  ),
  ...fieldSteps(`POST /${service}/Login`, credentials, { username: 'text', password: 'text' }, anyone),
  ...oddBodies(`POST /${service}/Login`, credentials, anyone),
];

const own: readonly Step[] = [
  ...['admin', 'person', 'puller', 'robot', '{{first}}', '{{second}}'].flatMap((as) => [
    step(`who ${as} is`, 'GET /v1/auth/whoami', undefined, { as }),
    call(`who ${as} is by Connect`, `${service}/WhoAmI`, {}, { as }),
  ]),
  ...denials('GET /v1/auth/whoami', undefined, ['none', 'bad']),
  ...denials(`POST /${service}/WhoAmI`, '{}', ['none', 'bad']),
  ...fewOddBodies(`POST /${service}/WhoAmI`, () => ({})),
  step('HEAD of whoami', 'HEAD /v1/auth/whoami'),
  step('whoami with a body', 'GET /v1/auth/whoami?surprise=1', '{'),
  step('whoami with a parameter twice', 'GET /v1/auth/whoami?a=1&a=1'),
  ...['puller', 'robot', 'admin'].flatMap((as) =>
    ['{}', '{"repository":"team/app"}', '{"repository":"other/app"}', '{"repository":""}'].map((body) =>
      call(`what ${as} may do in ${body}`, `${service}/ListPermissions`, body, { as }),
    ),
  ),
  ...denials(`POST /${service}/ListPermissions`, '{}', ['none', 'bad']),
  ...fieldSteps(`POST /${service}/ListPermissions`, () => ({ repository: '"team/app"' }), { repository: 'text' }),
  call('permissions in what is no repository', `${service}/ListPermissions`, { repository: 'Team/App' }),
  ...fewOddBodies(`POST /${service}/ListPermissions`, () => ({ repository: '"team/app"' })),
];

const restChange = (): Fields => ({ current_password: '"{{password}}"', new_password: '"short"' });
const rpcChange = (): Fields => ({ currentPassword: '"{{password}}"', newPassword: '"short"' });

const passwords: readonly Step[] = [
  ...denials('POST /v1/auth/password', objectOf(restChange()), ['none', 'bad']),
  ...fieldSteps('POST /v1/auth/password', restChange, { current_password: 'text', new_password: 'text' }),
  ...oddBodies('POST /v1/auth/password', restChange),
  step(
    'a new password after a wrong one',
    'POST /v1/auth/password',
    { current_password: '{{repeat:x:4097}}', new_password: 'long enough' },
    { as: 'puller' },
  ),
  step(
    'a new password after one that is almost too long',
    'POST /v1/auth/password',
    { current_password: '{{repeat:x:4096}}', new_password: 'long enough' },
    { as: 'puller' },
  ),
  step(
    'a new password',
    'POST /v1/auth/password',
    { current_password: '{{password}}', new_password: 'long enough' },
    { as: 'puller', capture: { changed: 'token' } },
  ),
  step('the token from before it', 'GET /v1/auth/whoami', undefined, { as: 'puller' }),
  step('the token that came with it', 'GET /v1/auth/whoami', undefined, { as: '{{changed}}' }),
  ...denials(`POST /${service}/ChangePassword`, objectOf(rpcChange()), ['none', 'bad']),
  ...fieldSteps(`POST /${service}/ChangePassword`, rpcChange, { currentPassword: 'text', newPassword: 'text' }),
  ...fewOddBodies(`POST /${service}/ChangePassword`, rpcChange),
  call(
    'a new password by Connect after a wrong one',
    `${service}/ChangePassword`,
    { currentPassword: 'wrong', newPassword: 'long enough' },
    { as: 'robot' },
  ),
  call(
    'a new password by Connect',
    `${service}/ChangePassword`,
    { currentPassword: '{{password}}', newPassword: 'long enough' },
    { as: 'robot' },
  ),
];

const logouts: readonly Step[] = [
  ...denials('POST /v1/auth/logout', '{}', ['none', 'bad']),
  step('HEAD of logout', 'HEAD /v1/auth/logout'),
  step('a logout with a parameter twice', 'POST /v1/auth/logout?a=1&a=1', undefined, { as: '{{first}}' }),
  step('a logout with a body', 'POST /v1/auth/logout', '{', { as: '{{first}}' }),
  step('a logout of what has logged out', 'POST /v1/auth/logout', undefined, { as: '{{first}}' }),
  ...denials(`POST /${service}/Logout`, '{}', ['none', 'bad']),
  ...fewOddBodies(`POST /${service}/Logout`, () => ({}), { as: 'bad' }).slice(0, 3),
  call('a logout by Connect with an unknown field', `${service}/Logout`, '{"token":"x"}', { as: '{{second}}' }),
  call('a logout by Connect', `${service}/Logout`, {}, { as: '{{second}}' }),
  call('a logout by Connect of what has logged out', `${service}/Logout`, {}, { as: '{{second}}' }),
];

/** Wrong passwords until one has to wait. */
const guesses: readonly Step[] = Array.from({ length: 14 }, (_, at) =>
  at % 2 === 0
    ? step(`guess ${at}`, 'POST /v1/auth/login', objectOf({ username: '"victim"', password: long }), anyone)
    : call(`guess ${at}`, `${service}/Login`, objectOf({ username: '"victim"', password: long }), anyone),
);

export const authSteps: readonly Step[] = [...logins, ...own, ...passwords, ...logouts, ...guesses];
