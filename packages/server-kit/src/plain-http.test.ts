import { once } from 'node:events';
import { createSecureServer } from 'node:http2';
import { createServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import type { Server } from 'node:tls';
import { createTestCa } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explainPlainHttp } from './plain-http.ts';

const sentence = 'Client sent an HTTP request to an HTTPS server.\n';
const { certPem, keyPem } = await (await createTestCa()).issue();
const tls = { cert: certPem, key: keyPem, minVersion: 'TLSv1.3' } as const;

const kinds: Record<string, () => Server> = {
  'HTTP/1.1': () => createServer(tls),
  'HTTP/2 and HTTP/1.1': () => createSecureServer({ ...tls, allowHTTP1: true }),
};

describe.each(Object.entries(kinds))('a TLS server of %s', (_, make) => {
  let server: Server;
  beforeAll(async () => {
    server = make();
    explainPlainHttp(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterAll(() => void server.close());

  /** Everything that comes back for these bytes, until the server closes the connection; the client never does. */
  async function send(bytes: string): Promise<string> {
    const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true });
    let received = '';
    socket.setEncoding('latin1').on('data', (text: string) => {
      received += text;
    });
    socket.on('error', () => {});
    const ended = new Promise((resolve) => socket.once('end', resolve).once('close', resolve));
    socket.write(bytes);
    await ended;
    await expect.poll(() => connections(server)).toBe(0);
    socket.destroy();
    return received;
  }

  test.each(['GET /v2/', 'HEAD /v2/', 'POST /v2/token', 'PUT /v2/a/manifests/v1'])(
    'responds to a plain %s with 400 and the sentence of Go, and closes the connection',
    async (line) => {
      const [head, body] = (await send(`${line} HTTP/1.1\r\nHost: localhost\r\n\r\n`)).split('\r\n\r\n');
      expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
      expect(head).toContain(`Content-Length: ${sentence.length}`);
      expect(head).toContain('Connection: close');
      expect(body).toBe(sentence);
    },
  );

  test('buffers nothing of a request whose body never ends', async () => {
    await send(`POST / HTTP/1.1\r\nContent-Length: 9000000\r\n\r\n${'x'.repeat(200_000)}`);
  });

  test('closes a connection with anything else silently', async () => {
    expect(await send('EHLO mail.example.net\r\n')).not.toContain('HTTP');
  });

  test('keeps running if clients reset the connection immediately', async () => {
    for (let time = 0; time < 50; time += 1) {
      const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
      socket.on('error', () => {});
      await once(socket, 'connect');
      socket.write('GET / HTTP/1.1\r\n\r\n', () => socket.resetAndDestroy());
      await once(socket, 'close');
    }
    expect(await send('GET / HTTP/1.1\r\n\r\n')).toContain(sentence);
  });
});

function connections(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}
