import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FakeMcias, startFakeMcias, tempDirectory } from '@mcr/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../_util/manual-clock.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';

const keptMs = 10_000;
const clock = new ManualClock();
const cleanup = new AsyncDisposableStack();
let mcias: FakeMcias;
let server: TestServer;

beforeAll(async () => {
  const { path } = cleanup.use(await tempDirectory());
  mcias = cleanup.use(await startFakeMcias({ now: () => clock.now() }));
  const caCert = join(path, 'mcias-ca.crt');
  await writeFile(caCert, mcias.caPem);
  const env = {
    MCR_AUTH_PROVIDER: 'mcias',
    MCR_MCIAS_SERVER_URL: mcias.url,
    MCR_MCIAS_CA_CERT: caCert,
    MCR_MCIAS_SERVICE_NAME: 'registry.test',
    MCR_SERVER_METRICS_ADDR: '127.0.0.1:0',
  };
  server = cleanup.use(await startTestServer({ overrides: { clock }, env }));
});
afterAll(() => cleanup[Symbol.asyncDispose]());
beforeEach(() => {
  mcias.setFault(undefined);
  clock.advance(keptMs);
});

const ready = async () => {
  const response = await server.client({}).request('GET', '/v1/ready');
  return { code: response.status, ...response.json() };
};
const up = async () => {
  const text = await (await fetch(`http://127.0.0.1:${server.metricsPort}/metrics`)).text();
  return /^registry_identity_up (\d)$/m.exec(text)?.[1];
};
const ok = { database: 'ok', storage: 'ok', identity: 'ok' };

test('is ready while MCIAS responds, whatever it says of a token', async () => {
  expect(await ready()).toEqual({ code: 200, status: 'ready', checks: ok });
  expect(await up()).toBe('1');
});

test.each(['error', 'malformed', 'slow'] as const)(
  'is degraded, and not unavailable, when MCIAS is %s',
  async (fault) => {
    mcias.setFault(fault);
    expect(await ready()).toEqual({ code: 200, status: 'degraded', checks: { ...ok, identity: 'failed' } });
    expect(await up()).toBe('0');
    mcias.setFault(undefined);
    clock.advance(keptMs);
    expect(await ready()).toMatchObject({ status: 'ready' });
  },
);

test('asks MCIAS once in ten seconds, however often readiness is asked, and logs a change once', async () => {
  mcias.setFault('error');
  const before = mcias.calls.validate;
  const logged = server.logLines.length;
  for (let at = 0; at < 20; at += 1) await ready();
  expect(mcias.calls.validate).toBe(before + 1);
  const lines = server.logLines.slice(logged).filter((line) => line.includes('identity service'));
  expect(lines).toHaveLength(1);
});

test('beside local accounts nothing is said of an identity service', async () => {
  await using local = await startTestServer();
  expect((await local.admin.request('GET', '/v1/ready')).json().checks).toEqual({ database: 'ok', storage: 'ok' });
});
