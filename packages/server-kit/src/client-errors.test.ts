import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explainClientErrors } from './client-errors.ts';
import { RequestLine } from './request-line.ts';

let server: Server;

beforeAll(async () => {
  const line = new RequestLine(() => {});
  server = createServer((incoming, outgoing) => {
    line.enter(incoming, outgoing, () => {
      outgoing.writeHead(200, { 'Content-Length': 10 }).write('begun');
    });
  });
  explainClientErrors(server, line, { headers: ['X-Form: own'], body: (message) => `é ${message}` });
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => void server.close());

/** All that comes back for these bytes, until the server closes the connection. */
async function send(bytes: string): Promise<string> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(bytes);
  return await text(socket);
}

describe("errors of Node's parser are reported to the client", () => {
  test.each([
    ['no HTTP', 'GET\r\n\r\n', '400 Bad Request', 'The request is not valid HTTP'],
    [
      'headers without end',
      `GET / HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      '431 Request Header Fields Too Large',
      'The request headers are too large',
    ],
    [
      'thousands of ranges',
      `GET / HTTP/1.1\r\nRange: bytes=0-1${',2-3'.repeat(5_000)}\r\n\r\n`,
      '400 Bad Request',
      'The Range header is too long; request fewer ranges at a time',
    ],
  ])('%s', async (_, bytes, status, message) => {
    const body = `é ${message}`;
    const head = `HTTP/1.1 ${status}\r\nConnection: close\r\nX-Form: own\r\nContent-Length: ${Buffer.byteLength(body)}`;
    expect(await send(bytes)).toBe(`${head}\r\n\r\n${body}`);
  });

  test('never in the middle of another response', async () => {
    const received = await send('GET / HTTP/1.1\r\nHost: a\r\n\r\nnonsense\r\n\r\n');
    expect(received).not.toContain('400');
  });
});
