import { createServer } from 'node:http';
import { StartError } from '@mcr/config';
import { expect, test } from 'vitest';
import { tryListen } from './listen.ts';
import { Listeners } from './listeners.ts';

const anyPort = { host: '127.0.0.1', port: 0 };

test('listeners are closed together, once their requests have ended', async () => {
  const asked = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const slow = createServer((_, outgoing) => {
    asked.resolve();
    void release.promise.then(() => outgoing.end('late'));
  });
  const quick = createServer();
  const listeners = new Listeners(60_000);
  const { port } = await listeners.open(slow, { key: 'a', address: anyPort, cut: () => slow.closeAllConnections() });
  await listeners.open(quick, { key: 'b', address: anyPort, cut: () => quick.closeAllConnections() });
  const response = fetch(`http://127.0.0.1:${port}/`);
  await asked.promise;
  const closed = listeners[Symbol.asyncDispose]();
  expect([slow.listening, quick.listening]).toEqual([false, false]);
  release.resolve();
  expect(await (await response).text()).toBe('late');
  await closed;
});

test('connections that remain at the timeout are cut', async () => {
  const asked = Promise.withResolvers<void>();
  const server = createServer(() => asked.resolve());
  const listeners = new Listeners(10);
  const cut = () => server.closeAllConnections();
  const { port } = await listeners.open(server, { key: 'a', address: anyPort, cut });
  const response = fetch(`http://127.0.0.1:${port}/`);
  await asked.promise;
  await Promise.all([expect(response).rejects.toThrow(), listeners[Symbol.asyncDispose]()]);
});

test('an address in use is an error of its key, and tryListen predicts it', async () => {
  const [first, second] = [createServer(), createServer()];
  await using listeners = new Listeners(10);
  const { address: host, port } = await listeners.open(first, { key: 'a', address: anyPort, cut: () => {} });
  expect(await tryListen({ host, port })).toMatchObject({ code: 'EADDRINUSE' });
  expect(await tryListen(anyPort)).toBeUndefined();
  const taken = listeners.open(second, { key: 'web.metrics_addr', address: { host, port }, cut: () => {} });
  await expect(taken).rejects.toThrow(StartError);
  await expect(taken).rejects.toThrow(/^web\.metrics_addr: cannot listen on .*the port is in use/);
});
