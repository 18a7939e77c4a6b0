import { setTimeout } from 'node:timers/promises';
import { connect } from 'node:tls';
import { createTestCa, freePort } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, askRaw } from './_util/ask.ts';
import { openEvents } from './_util/events.ts';
import { type Registry, startRegistry } from './_util/registry.ts';
import { visit } from './_util/visitor.ts';
import { startWeb, type Web } from './_util/web.ts';

const pollOptions = { interval: 20, timeout: 20_000 };

/** A response of the metrics listener. */
async function read(web: Web, path: string) {
  const response = await fetch(new URL(path, web.metricsUrl));
  return { status: response.status, body: await response.text() };
}

test('there is no metrics listener unless web.metrics_addr is set', async () => {
  await using web = await startWeb({ grpcPort: await freePort() });
  expect(web.metricsUrl).toBeUndefined();
  for (const path of ['/metrics', '/health', '/ready']) expect((await ask(web, path)).status).toBe(303);
});

describe('the metrics', () => {
  let registry: Registry;
  let web: Web;

  beforeAll(async () => {
    const ca = await createTestCa();
    registry = await startRegistry(await ca.issue(), () => ({}));
    const config = '[limits]\nconnections_per_address = 4';
    web = await startWeb({ ca, grpcPort: registry.port, metricsAddr: '127.0.0.1:0', config });
  });
  afterAll(async () => {
    await web[Symbol.asyncDispose]();
    await registry[Symbol.asyncDispose]();
  });

  const lineOf = async (start: string) =>
    (await read(web, '/metrics')).body.split('\n').find((line) => line.startsWith(start));

  test('count requests and their durations by method, route and status, without users and repositories', async () => {
    const grace = visit(web);
    await grace.signIn('grace');
    await grace.get('/repositories/secret-team/secret-app');
    await askRaw(web, ['PUT /secret-path HTTP/1.1', 'Host: localhost']);
    await ask(web, '/static/secret-file');
    const route = 'route="/repositories/:path{.+}"';
    await expect
      .poll(() => lineOf(`mcr_web_http_requests_total{method="GET",${route},status="200"}`), pollOptions)
      .toMatch(/ 1$/);
    await expect
      .poll(() => lineOf(`mcr_web_http_request_duration_seconds_count{method="GET",${route}}`), pollOptions)
      .toMatch(/ 1$/);
    await expect
      .poll(() => lineOf('mcr_web_http_requests_total{method="POST",route="/login",status="303"}'), pollOptions)
      .toMatch(/ 1$/);
    await expect
      .poll(() => lineOf('mcr_web_http_requests_total{method="PUT",route="none",status="405"}'), pollOptions)
      .toMatch(/ 1$/);
    expect(await lineOf('process_resident_memory_bytes ')).toBeDefined();
    expect((await read(web, '/metrics')).body).not.toMatch(/secret|grace|127\.0\.0\.1/);
  });

  test('count streams of events while they are open, and not for how long', async () => {
    const grace = visit(web);
    await grace.signIn('grace');
    const events = await openEvents(web, grace, '/live/pushes');
    await expect.poll(() => lineOf('mcr_web_event_streams '), pollOptions).toMatch(/ 1$/);
    events[Symbol.dispose]();
    await expect.poll(() => lineOf('mcr_web_event_streams '), pollOptions).toMatch(/ 0$/);
    const route = 'method="GET",route="/live/pushes"';
    await expect.poll(() => lineOf(`mcr_web_http_requests_total{${route},status="200"}`), pollOptions).toMatch(/ 1$/);
    expect(await lineOf(`mcr_web_http_request_duration_seconds_count{${route}}`)).toBeUndefined();
  });

  test('include the expiry of the certificate, and the number of rejected connections', async () => {
    expect(await lineOf('mcr_web_tls_certificate_not_after_seconds ')).toMatch(/ \d{10}$/);
    const to = { host: '127.0.0.1', port: Number(new URL(web.url).port), localAddress: '127.0.0.5' };
    const sockets = Array.from({ length: 6 }, () => connect({ ...to, ca: web.ca.caPem, servername: 'localhost' }));
    for (const socket of sockets) socket.on('error', () => {});
    await expect
      .poll(() => lineOf('mcr_web_connections_rejected_total{listener="web",reason="address"}'), pollOptions)
      .toMatch(/ 2$/);
    for (const socket of sockets) socket.destroy();
    expect(web.logged).toContainEqual(
      expect.objectContaining({ msg: 'connections rejected', listener: 'web', reason: 'address' }),
    );
  });

  test('stop with the server', async () => {
    await using other = await startWeb({ grpcPort: await freePort(), metricsAddr: '127.0.0.1:0' });
    expect(await read(other, '/health')).toMatchObject({ status: 200 });
    await other.stop();
    await expect(read(other, '/health')).rejects.toThrow('fetch failed');
  });
});

describe('the probes', () => {
  test('without a registry the process is healthy, and not ready', async () => {
    await using web = await startWeb({ grpcPort: await freePort(), metricsAddr: '127.0.0.1:0' });
    expect(await read(web, '/health')).toEqual({ status: 200, body: '{"status":"ok"}' });
    const body = '{"status":"unavailable","checks":{"registry":"failed"}}';
    expect(await read(web, '/ready')).toEqual({ status: 503, body });
    expect(web.logged).toContainEqual(
      expect.objectContaining({ level: 'warn', msg: 'registry did not respond a readiness check' }),
    );
  });

  test.each([
    ['ready', 'ok', 200],
    ['unavailable', 'failed', 503],
  ])('a registry that reports %s sets the status, and names the part', async (status, storage, code) => {
    const ca = await createTestCa();
    const checks = { database: 'ok', storage };
    await using registry = await startRegistry(await ca.issue(), () => ({}), 0, {
      admin: { ready: () => ({ status, checks }) },
    });
    await using web = await startWeb({ ca, grpcPort: registry.port, metricsAddr: '127.0.0.1:0' });
    const body = JSON.stringify({ status, checks: { registry: 'ok', ...checks } });
    expect(await read(web, '/ready')).toEqual({ status: code, body });
  });

  test('a registry that does not respond is not ready after two seconds', async () => {
    const ca = await createTestCa();
    const silence = new AbortController();
    const admin = { ready: async () => setTimeout(60_000, {}, { signal: silence.signal }) };
    await using registry = await startRegistry(await ca.issue(), () => ({}), 0, { admin });
    await using web = await startWeb({ ca, grpcPort: registry.port, metricsAddr: '127.0.0.1:0' });
    expect(await read(web, '/ready')).toMatchObject({ status: 503 });
    silence.abort();
  });

  test('a flood of probes costs the registry one call', async () => {
    const ca = await createTestCa();
    const release = Promise.withResolvers<void>();
    const ready = async () => {
      await release.promise;
      return { status: 'ready' };
    };
    await using registry = await startRegistry(await ca.issue(), () => ({}), 0, { admin: { ready } });
    await using web = await startWeb({ ca, grpcPort: registry.port, metricsAddr: '127.0.0.1:0' });
    const probes = Array.from({ length: 20 }, () => read(web, '/ready'));
    await expect.poll(() => registry.calls.length, pollOptions).toBe(1);
    release.resolve();
    for (const { status } of await Promise.all(probes)) expect(status).toBe(200);
    expect(registry.calls).toEqual(['Ready']);
  });
});
