import { connect } from 'node:http2';
import { request } from 'undici';
import { describe, expect, test, vi } from 'vitest';
import { useAdminApi } from '../_util/admin-api.ts';
import { type LogLine, logOf } from '../_util/log.ts';
import { clientsOver, rejection, rpcEnv, rpcTransport } from '../_util/rpc.ts';

const api = useAdminApi({ env: { ...rpcEnv, MCR_SERVER_METRICS_ADDR: '127.0.0.1:0' } });

/** The line of the call that was made last; it is written when the response's last byte has left. */
async function lineAfter(action: () => Promise<unknown>): Promise<LogLine> {
  const calls = () => logOf(api().server).filter(({ msg }) => msg.startsWith('call'));
  const before = calls().length;
  await action();
  await expect.poll(() => calls().length, { timeout: 10_000 }).toBe(before + 1);
  return calls().at(-1)!;
}

describe('the log has one line for each call', () => {
  test('that says who called what from where, how it ended, and how long it took', async () => {
    const line = await lineAfter(() => api().rpc('person').auth.whoAmI({}));
    expect(line).toEqual({
      level: 'info',
      time: expect.any(String),
      msg: 'call',
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      actor: 'person',
      ip: '127.0.0.1',
      route: '/mcr.v1.AuthService/WhoAmI',
      code: 'ok',
      status: 200,
      durationMs: expect.any(Number),
    });
  });

  test.each([
    ['unauthenticated', () => api().rpc('anonymous').auth.whoAmI({})],
    ['permission_denied', () => api().rpc('person').admin.getStatistics({})],
    ['not_found', () => api().rpc('admin').registry.getRepository({ name: 'no/such' })],
    ['invalid_argument', () => api().rpc('admin').registry.getRepository({ name: 'No' })],
    [
      'resource_exhausted',
      () =>
        api()
          .rpc('admin')
          .registry.getRepository({ name: 'x'.repeat(2 ** 21) }),
    ],
  ])('that was rejected with %s', async (code, call) => {
    expect(await lineAfter(() => rejection(call()))).toMatchObject({ level: 'info', code, status: 200 });
  });

  test('that found no method, by its path and never by its query', async () => {
    const headers = { 'content-type': 'application/grpc' };
    const { server } = api();
    const line = await lineAfter(async () => {
      const session = connect(`https://localhost:${server.grpcPort}`, { ca: server.ca });
      const stream = session.request({ ':method': 'POST', ':path': '/mcr.v1.No/No?token=secret', ...headers });
      stream.end();
      for await (const _ of stream);
      session.close();
    });
    expect(line).toMatchObject({ path: '/mcr.v1.No/No', status: 404 });
    expect(line).not.toHaveProperty('route');
    expect(JSON.stringify(line)).not.toContain('secret');
  });
});

test('a response that the registry cannot give is opaque, and its cause is in the log', async () => {
  const { server } = api();
  const { store } = server.context.services;
  vi.spyOn(store, 'statistics').mockRejectedValueOnce(new Error('SELECT password_hash FROM accounts'));
  const line = await lineAfter(async () => {
    const error = await rejection(api().rpc('admin').admin.getStatistics({}));
    const requestId = error.metadata.get('x-request-id');
    expect(error.rawMessage).toBe(`Internal error, see the log for request ${requestId}`);
  });
  expect(line).toMatchObject({ level: 'error', msg: 'call failed', code: 'internal' });
  expect(JSON.stringify(line['err'])).toContain('SELECT password_hash');
});

test('metrics count calls by method and outcome, and denials among the denials', async () => {
  const scrape = async (): Promise<string> => {
    const response = await request(`http://127.0.0.1:${api().server.metricsPort}/metrics`);
    return await response.body.text();
  };
  const count = async (pattern: RegExp): Promise<number> => Number(pattern.exec(await scrape())?.[1] ?? 0);
  const route = 'route="/mcr\\.v1\\.AdminService/ListSnapshots"';
  const denied = new RegExp(`^registry_http_requests_total\\{method="POST",${route},status="403"\\} (\\d+)`, 'm');
  const denials = await count(/^registry_policy_denials_total (\d+)/m);
  await lineAfter(() => rejection(api().rpc('person').admin.listSnapshots({})));
  expect(await count(denied)).toBe(1);
  expect(await count(/^registry_policy_denials_total (\d+)/m)).toBe(denials + 1);
  const failures = await count(/^registry_auth_failures_total (\d+)/m);
  const stranger = clientsOver(rpcTransport(api().server, 'Bearer x'));
  await lineAfter(() => rejection(stranger.admin.listSnapshots({})));
  expect(await count(/^registry_auth_failures_total (\d+)/m)).toBe(failures + 1);
  await lineAfter(async () => {
    const session = connect(`https://localhost:${api().server.grpcPort}`, { ca: api().server.ca });
    const stream = session.request({ ':method': 'MADEUP', ':path': '/mcr.v1.AdminService/Health' });
    for await (const _ of stream);
    expect(stream.sentHeaders?.[':method']).toBe('MADEUP');
    session.close();
  });
  expect(await scrape()).not.toContain('MADEUP');
  expect(await scrape()).toMatch(
    new RegExp(`registry_http_request_duration_seconds_count\\{method="POST",${route}\\} 2`),
  );
});
