import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, test } from 'vitest';
import { type Doors, openDoors } from '../_util/doors.ts';
import { expectError } from '../_util/errors.ts';
import { ManualClock } from '../_util/manual-clock.ts';
import { testPassword } from '../_util/server.ts';

/** Answers of the doors to one login: the status in HTTP's words, and how long to wait. */
interface Verdict {
  readonly status: number;
  readonly retryAfter: string | undefined;
}

type Login = (doors: Doors, username: string, password: string) => Promise<Verdict>;

const basic: Login = async ({ server }, username, password) => {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const answer = await server.client({}).request('GET', '/v2/token', { authorization });
  if (answer.status === 429) expectError(answer, 429, 'TOOMANYREQUESTS');
  return { status: answer.status, retryAfter: answer.header('retry-after') };
};

const form: Login = async ({ server }, username, password) => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = new URLSearchParams({ grant_type: 'password', username, password }).toString();
  const answer = await server.client({}).request('POST', '/v2/token', { headers, body });
  return { status: answer.status, retryAfter: answer.header('retry-after') };
};

const rest: Login = async (doors, username, password) => {
  const answer = await doors.rest('nobody').post('/v1/auth/login', { username, password });
  if (answer.status === 429) expect(answer.body.error).toMatch(/^Too many failed logins; try again in \d+ s$/);
  return { status: answer.status, retryAfter: answer.header('retry-after') };
};

const statuses = new Map([
  [Code.ResourceExhausted, 429],
  [Code.Unauthenticated, 401],
]);

const rpc: Login = async (doors, username, password) => {
  const { auth } = doors.rpc('nobody');
  try {
    await auth.login({ username, password });
    return { status: 200, retryAfter: undefined };
  } catch (error) {
    const { code, metadata } = ConnectError.from(error);
    return { status: statuses.get(code) ?? 0, retryAfter: metadata.get('retry-after') ?? undefined };
  }
};

const doorsByName: readonly (readonly [name: string, login: Login])[] = [
  ['GET /v2/token', basic],
  ['POST /v2/token', form],
  ['POST /v1/auth/login', rest],
  ['AuthService.Login', rpc],
];

describe.each(doorsByName)('%s', (_name, login) => {
  test('refuses an account for longer and longer after five failures, and audits only what it looked at', async () => {
    const clock = new ManualClock();
    await using doors = await openDoors({ overrides: { clock } });
    for (let at = 0; at < 5; at += 1)
      expect(await login(doors, 'person', `wrong ${at}`)).toMatchObject({ status: 401 });
    expect(await login(doors, 'person', testPassword)).toEqual({ status: 429, retryAfter: '1' });
    expect(await login(doors, 'admin', testPassword)).toMatchObject({ status: 200 });
    clock.advance(1_000);
    expect(await login(doors, 'person', 'wrong again')).toMatchObject({ status: 401 });
    expect(await login(doors, 'person', testPassword)).toEqual({ status: 429, retryAfter: '2' });
    expect(await doors.server.audit('login_failed')).toHaveLength(6);
    clock.advance(2_000);
    expect(await login(doors, 'person', testPassword)).toMatchObject({ status: 200 });
  });
});

test('all doors count together', async () => {
  const clock = new ManualClock();
  await using doors = await openDoors({ overrides: { clock } });
  for (const [, login] of [...doorsByName, doorsByName[0]!]) {
    expect(await login(doors, 'person', 'wrong')).toMatchObject({ status: 401 });
  }
  for (const [, login] of doorsByName) {
    expect(await login(doors, 'person', testPassword)).toEqual({ status: 429, retryAfter: '1' });
  }
});
