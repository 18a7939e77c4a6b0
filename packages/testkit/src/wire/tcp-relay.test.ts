import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { expect, test } from 'vitest';
import { startTcpRelay } from './tcp-relay.ts';

/** A server that responds to each line with its name and the line, and remembers what it got. */
async function startEcho(name: string) {
  const got: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      got.push(data.toString());
      socket.write(`${name} ${data.toString()}`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, got, [Symbol.asyncDispose]: async () => void server.close() };
}

/** What a client gets for what it sends, and then the end of its connection. */
async function send(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  socket.write(text);
  let received = '';
  socket.on('data', (data) => {
    received += data.toString();
    socket.end();
  });
  await closed;
  return received;
}

test('a relay leads to its target, and to another one from then on', async () => {
  await using first = await startEcho('first');
  await using second = await startEcho('second');
  await using relay = await startTcpRelay(first.port);
  expect(await send(relay.port, 'a')).toBe('first a');
  relay.target = second.port;
  expect(await send(relay.port, 'b')).toBe('second b');
});

test('what a relay swallows reaches the server, and its response reaches no client', async () => {
  await using echo = await startEcho('echo');
  await using relay = await startTcpRelay(echo.port);
  relay.swallows = (sent) => sent.includes('COMMIT');
  expect(await send(relay.port, 'BEGIN')).toBe('echo BEGIN');
  expect(await send(relay.port, 'COMMIT')).toBe('');
  expect(echo.got).toEqual(['BEGIN', 'COMMIT']);
});

test('a cut ends connections, and the next one goes through', async () => {
  await using echo = await startEcho('echo');
  await using relay = await startTcpRelay(echo.port);
  const socket = connect(relay.port, '127.0.0.1');
  socket.on('error', () => {});
  socket.write('a');
  await once(socket, 'data');
  const closed = once(socket, 'close');
  relay.cut();
  await closed;
  expect(await send(relay.port, 'b')).toBe('echo b');
});
