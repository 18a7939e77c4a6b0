import { Code } from '@connectrpc/connect';
import type { OciResponse } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { openAdminApi } from '../_util/admin-api.ts';
import { expectError } from '../_util/errors.ts';
import { ManualClock } from '../_util/manual-clock.ts';
import { expectRejection } from '../_util/rpc.ts';
import { startTestServer } from '../_util/server.ts';

/** Docker waits and tries again on exactly this. */
function expectRetryable(response: OciResponse): void {
  expectError(response, 429, 'TOOMANYREQUESTS');
  expect(response.json()).toEqual({ errors: [{ code: 'TOOMANYREQUESTS', message: 'too many requests' }] });
  expect(response.header('retry-after')).toMatch(/^[123]$/);
}

test('an address that comes too fast is told to wait, by each API in its own form', async () => {
  const clock = new ManualClock();
  await using api = await openAdminApi({ overrides: { clock }, env: { MCR_LIMITS_REQUESTS_PER_ADDRESS: '60' } });
  const { server } = api;
  const stranger = server.client({});
  const until = async (status: number): Promise<OciResponse> => {
    for (let at = 0; at < 61; at += 1) {
      const response = await stranger.request('GET', '/v2/');
      if (response.status === status) return response;
    }
    throw new Error(`There was no ${status}`);
  };
  expectRetryable(await until(429));
  const head = await stranger.request('HEAD', '/v2/');
  expect([head.status, head.text(), head.header('retry-after')]).toEqual([429, '', '1']);
  const rest = await stranger.request('GET', '/v1/health');
  expect([rest.status, rest.json()]).toEqual([429, { error: 'Too many requests; slow down and try again' }]);
  await expectRejection(api.rpc('anonymous').admin.health({}), Code.ResourceExhausted, 'TOOMANYREQUESTS');
  expect((await stranger.request('PATCH', '/v2/a/blobs/uploads/x')).status).toBe(401);
  clock.advance(3_000);
  expect((await stranger.request('GET', '/v1/health')).status).toBe(200);
});

test('an account that comes too fast is told to wait, and others are not concerned', async () => {
  const clock = new ManualClock();
  await using api = await openAdminApi({ overrides: { clock }, env: { MCR_LIMITS_REQUESTS_PER_ACCOUNT: '20' } });
  const person = api.server.client({ token: api.token('person') });
  for (let at = 0; at < 20; at += 1) expect((await person.request('GET', '/v2/')).status).toBe(200);
  expectRetryable(await person.request('GET', '/v2/'));
  expect((await api.rest('person').get('/v1/auth/whoami')).status).toBe(429);
  await expectRejection(api.rpc('person').auth.whoAmI({}), Code.ResourceExhausted, 'TOOMANYREQUESTS');
  expect((await api.rest('admin').get('/v1/auth/whoami')).status).toBe(200);
  clock.advance(3_000);
  expect((await person.request('GET', '/v2/')).status).toBe(200);
});

test('by default nothing is counted', async () => {
  await using server = await startTestServer();
  const { accountRequests, addressRequests } = server.context.services.limits;
  expect([accountRequests, addressRequests]).toEqual([undefined, undefined]);
});
