import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { logOf } from '../_util/log.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';

const ask = ({ admin }: TestServer, path: string) => admin.request('GET', path, { authorization: null });

test('a registry that works says so to all callers', async () => {
  await using server = await startTestServer();
  const health = await ask(server, '/v1/health');
  expect(health.status).toBe(200);
  expect(health.json()).toEqual({ status: 'ok', version: expect.stringMatching(/\S/) });
  const ready = await ask(server, '/v1/ready');
  expect(ready.status).toBe(200);
  expect(ready.json()).toEqual({ status: 'ready', checks: { database: 'ok', storage: 'ok' } });
});

test('without its database it is up and not ready, and tells the log alone why', async () => {
  await using server = await startTestServer();
  await server.context.services.store.close();
  expect((await ask(server, '/v1/health')).status).toBe(200);
  const ready = await ask(server, '/v1/ready');
  expect(ready.status).toBe(503);
  expect(ready.json()).toEqual({ status: 'unavailable', checks: { database: 'failed', storage: 'ok' } });
  expect(logOf(server)).toContainEqual(expect.objectContaining({ msg: 'readiness check failed', check: 'database' }));
});

test('without its storage it is up and not ready, and ready again when that is back', async () => {
  await using server = await startTestServer();
  const [uploads, away] = ['uploads', 'away'].map((name) => join(server.directory, name));
  await rename(uploads!, away!);
  const ready = await ask(server, '/v1/ready');
  expect(ready.status).toBe(503);
  expect(ready.json().checks).toEqual({ database: 'ok', storage: 'failed' });
  expect(ready.text()).not.toContain(server.directory);
  await rename(away!, uploads!);
  expect((await ask(server, '/v1/ready')).status).toBe(200);
});

test('requests that need the database fail opaquely without it, and the process lives', async () => {
  await using server = await startTestServer();
  const { token } = await server.admin.token();
  await server.context.services.store.close();
  const response = await server.admin.request('GET', '/v2/app/tags/list', { authorization: `Bearer ${token}` });
  expect(response.status).toBeGreaterThanOrEqual(500);
  expect(response.text()).not.toMatch(/sql|database connection|better/i);
  expect((await ask(server, '/v1/health')).status).toBe(200);
});
