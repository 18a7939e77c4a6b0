import { once } from 'node:events';
import { request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { createMetricsListener, type MetricsListenerOptions } from './metrics-listener.ts';

let server: Server;
let rejected: string[];

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

async function listen(options: Partial<MetricsListenerOptions> = {}): Promise<void> {
  rejected = [];
  server = createMetricsListener({
    metrics: { contentType: 'text/plain; version=0.0.4', metrics: async () => 'up 1\n' },
    ready: async () => ({ ready: true, checks: { database: 'ok' } }),
    connections: {
      total: 10,
      perAddress: 2,
      isExempt: () => false,
      onReject: (reason) => void rejected.push(reason),
    },
    ...options,
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
}

async function get(path: string, method = 'GET') {
  const { port } = server.address() as AddressInfo;
  const sent = request({ host: '127.0.0.1', port, path, method, agent: false }).end();
  const [response] = await once(sent, 'response');
  return { status: response.statusCode, type: response.headers['content-type'], body: await text(response) };
}

describe('the metrics listener', () => {
  test('serves metrics, health and readiness', async () => {
    await listen();
    const json = 'application/json';
    expect(await get('/metrics')).toEqual({ status: 200, type: 'text/plain; version=0.0.4', body: 'up 1\n' });
    expect(await get('/health')).toEqual({ status: 200, type: json, body: '{"status":"ok"}' });
    const body = '{"status":"ready","checks":{"database":"ok"}}';
    expect(await get('/ready')).toEqual({ status: 200, type: json, body });
    expect(await get('/ready', 'HEAD')).toEqual({ status: 200, type: json, body: '' });
  });

  test('responds with 503 and the part that is not ready, and stays healthy', async () => {
    await listen({ ready: async () => ({ ready: false, checks: { database: 'ok', storage: 'failed' } }) });
    const body = '{"status":"unavailable","checks":{"database":"ok","storage":"failed"}}';
    expect(await get('/ready')).toMatchObject({ status: 503, body });
    expect(await get('/health')).toMatchObject({ status: 200 });
  });

  test('checks the parts once for a flood of probes', async () => {
    let examined = 0;
    const ready = async () => {
      examined += 1;
      return { ready: true, checks: {} };
    };
    await listen({ ready, connections: { total: 100, perAddress: 0, isExempt: () => true, onReject: () => {} } });
    await Promise.all(Array.from({ length: 50 }, () => get('/ready')));
    expect(examined).toBeLessThanOrEqual(2);
  });

  test('responds with 503 if metrics or readiness fail', async () => {
    const fail = async () => {
      throw new Error('secret');
    };
    await listen({ metrics: { contentType: 'text/plain', metrics: fail }, ready: fail });
    for (const path of ['/metrics', '/ready']) expect(await get(path)).toMatchObject({ status: 503, body: '' });
  });

  test.each([
    ['GET', '/'],
    ['POST', '/metrics'],
    ['POST', '/ready'],
    ['GET', '/ready/'],
    ['GET', '/v1/ready'],
    ['GET', '/constructor'],
  ])('responds with 404 to %s %s', async (method, path) => {
    await listen();
    expect(await get(path, method)).toMatchObject({ status: 404, body: '' });
  });

  test('closes connections of one address beyond its bound, and connections with too many requests', async () => {
    await listen();
    const { port } = server.address() as AddressInfo;
    const sockets = [1, 2, 3].map(() => connect(port, '127.0.0.1').on('error', () => {}));
    await expect.poll(() => rejected).toEqual(['address']);
    sockets.find(({ destroyed }) => !destroyed)?.write('GET /health HTTP/1.1\r\nHost: a\r\n\r\n'.repeat(50));
    await expect.poll(() => rejected).toEqual(['address', 'pipelining']);
    for (const socket of sockets) socket.destroy();
  });
});
