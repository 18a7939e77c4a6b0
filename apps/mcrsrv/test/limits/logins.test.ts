import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, test } from 'vitest';
import { type AdminApi, openAdminApi } from '../_util/admin-api.ts';
import { expectError } from '../_util/errors.ts';
import { ManualClock } from '../_util/manual-clock.ts';
import { testPassword } from '../_util/server.ts';

/** Responses of the transports to one login: the status in HTTP's words, and how long to wait. */
interface Verdict {
  readonly status: number;
  readonly retryAfter: string | undefined;
}

type Login = (api: AdminApi, username: string, password: string) => Promise<Verdict>;

const basic: Login = async ({ server }, username, password) => {
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const response = await server.client({}).request('GET', '/v2/token', { authorization });
  if (response.status === 429) expectError(response, 429, 'TOOMANYREQUESTS');
  return { status: response.status, retryAfter: response.header('retry-after') };
};

const form: Login = async ({ server }, username, password) => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const body = new URLSearchParams({ grant_type: 'password', username, password }).toString();
  const response = await server.client({}).request('POST', '/v2/token', { headers, body });
  return { status: response.status, retryAfter: response.header('retry-after') };
};

const rest: Login = async (api, username, password) => {
  const response = await api.rest('anonymous').post('/v1/auth/login', { username, password });
  if (response.status === 429) expect(response.body.error).toMatch(/^Too many failed logins; try again in \d+ s$/);
  return { status: response.status, retryAfter: response.header('retry-after') };
};

const statuses = new Map([
  [Code.ResourceExhausted, 429],
  [Code.Unauthenticated, 401],
]);

const rpc: Login = async (api, username, password) => {
  const { auth } = api.rpc('anonymous');
  try {
    await auth.login({ username, password });
    return { status: 200, retryAfter: undefined };
  } catch (error) {
    const { code, metadata } = ConnectError.from(error);
    return { status: statuses.get(code) ?? 0, retryAfter: metadata.get('retry-after') ?? undefined };
  }
};

const transportsByName: readonly (readonly [name: string, login: Login])[] = [
  ['GET /v2/token', basic],
  ['POST /v2/token', form],
  ['POST /v1/auth/login', rest],
  ['AuthService.Login', rpc],
];

describe.each(transportsByName)('%s', (_name, login) => {
  test('rejects an account for longer and longer after five failures, and audits only what it looked at', async () => {
    const clock = new ManualClock();
    await using api = await openAdminApi({ overrides: { clock } });
    for (let at = 0; at < 5; at += 1) expect(await login(api, 'person', `wrong ${at}`)).toMatchObject({ status: 401 });
    expect(await login(api, 'person', testPassword)).toEqual({ status: 429, retryAfter: '1' });
    expect(await login(api, 'admin', testPassword)).toMatchObject({ status: 200 });
    clock.advance(1_000);
    expect(await login(api, 'person', 'wrong again')).toMatchObject({ status: 401 });
    expect(await login(api, 'person', testPassword)).toEqual({ status: 429, retryAfter: '2' });
    expect(await api.server.audit('login_failed')).toHaveLength(6);
    clock.advance(2_000);
    expect(await login(api, 'person', testPassword)).toMatchObject({ status: 200 });
  });
});

test('all transports count together', async () => {
  const clock = new ManualClock();
  await using api = await openAdminApi({ overrides: { clock } });
  for (const [, login] of [...transportsByName, transportsByName[0]!]) {
    expect(await login(api, 'person', 'wrong')).toMatchObject({ status: 401 });
  }
  for (const [, login] of transportsByName) {
    expect(await login(api, 'person', testPassword)).toEqual({ status: 429, retryAfter: '1' });
  }
});
