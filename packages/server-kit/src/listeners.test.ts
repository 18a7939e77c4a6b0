import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage } from 'node:http';
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

test('draining closes no connection that a client may use, and ends each after its next response', async () => {
  const server = createServer((_, outgoing) => outgoing.end('here'));
  await using listeners = new Listeners(60_000);
  const open = { key: 'a', address: anyPort, cut: () => server.closeAllConnections() };
  const { port } = await listeners.open(server, open);
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = async (): Promise<IncomingMessage> => {
    const [response] = (await once(get({ port, agent, host: '127.0.0.1' }), 'response')) as [IncomingMessage];
    response.resume();
    await once(response, 'end');
    return response;
  };
  expect((await ask()).headers.connection).toBe('keep-alive');
  const drained = listeners.drain();
  expect(await tryListen({ host: '127.0.0.1', port })).toBeUndefined();
  // On the connection that was idle: the port takes no other one.
  const last = await ask();
  expect([last.statusCode, last.headers.connection]).toEqual([200, 'close']);
  await drained;
  agent.destroy();
});

test('what is left after draining is cut when the time to shut down is over', async () => {
  const asked = Promise.withResolvers<void>();
  const server = createServer(() => asked.resolve());
  const listeners = new Listeners(10);
  const { port } = await listeners.open(server, {
    key: 'a',
    address: anyPort,
    cut: () => server.closeAllConnections(),
  });
  const response = fetch(`http://127.0.0.1:${port}/`);
  await asked.promise;
  const drained = listeners.drain();
  await Promise.all([expect(response).rejects.toThrow(), listeners[Symbol.asyncDispose](), drained]);
});
