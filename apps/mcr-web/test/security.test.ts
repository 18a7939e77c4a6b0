import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { connect, type TLSSocket } from 'node:tls';
import { freePort } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, askRaw } from './_util/ask.ts';
import { startWeb, type Web } from './_util/web.ts';

let web: Web;

beforeAll(async () => {
  web = await startWeb({ grpcPort: await freePort() });
});
afterAll(() => web[Symbol.asyncDispose]());

describe.each([
  ['the login page', '/login', 200],
  ['the way to the login page', '/nope', 303],
])('%s', (_name, path, status) => {
  test.each([
    [
      'content-security-policy',
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ],
    ['cross-origin-opener-policy', 'same-origin'],
    ['cross-origin-resource-policy', 'same-origin'],
    ['permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()'],
    ['referrer-policy', 'same-origin'],
    ['strict-transport-security', 'max-age=63072000; includeSubDomains'],
    ['x-content-type-options', 'nosniff'],
    ['x-frame-options', 'DENY'],
    ['cache-control', 'no-store'],
  ])('has %s: %s', async (header, value) => {
    const response = await ask(web, path);
    expect(response.status).toBe(status);
    expect(response.headers[header]).toBe(value);
  });

  test('does not name its software', async () => {
    const { headers } = await ask(web, path);
    expect(headers).not.toHaveProperty('server');
    expect(headers).not.toHaveProperty('x-powered-by');
  });
});

describe('a browser is not forced to use https', () => {
  test('for localhost, which other programs share', async () => {
    const { headers } = await ask(web, '/login', { headers: { host: 'localhost:8080' } });
    expect(headers).not.toHaveProperty('strict-transport-security');
  });

  test('by a page over http', async () => {
    await using plain = await startWeb({ grpcPort: await freePort(), tls: false });
    expect(plain.url).toMatch(/^http:/);
    const { status, headers } = await ask(plain, '/login');
    expect(status).toBe(200);
    expect(headers).not.toHaveProperty('strict-transport-security');
  });
});

test('TLS 1.2 is rejected', async () => {
  await expect(ask(web, '/', { maxVersion: 'TLSv1.2' })).rejects.toThrow(/protocol version/);
});

describe('rejected before routing', () => {
  const host = 'Host: 127.0.0.1';

  test.each([
    ['a method that no page takes', ['PUT / HTTP/1.1', host], 405],
    ['TRACE', ['TRACE / HTTP/1.1', host], 405],
    ['OPTIONS of everything', ['OPTIONS * HTTP/1.1', host], 405],
    ['an absolute target', ['GET http://elsewhere.example/ HTTP/1.1', host], 400],
    ['no host', ['GET / HTTP/1.1'], 400],
    ['two hosts', ['GET / HTTP/1.1', host, 'Host: elsewhere.example'], 400],
    ['two forms of credentials', ['GET / HTTP/1.1', host, 'Authorization: a', 'Authorization: b'], 400],
    ['a path in another spelling', ['GET /static/..%2fserver.ts HTTP/1.1', host], 400],
    ['a target without end', [`GET /${'x'.repeat(9_000)} HTTP/1.1`, host], 414],
    ['HTTP/2.0 in the form of a line', ['GET / HTTP/2.0', host], 400],
    ['an expectation that nothing meets', ['GET / HTTP/1.1', host, 'Expect: tea'], 417],
    ['a host with a path', ['GET / HTTP/1.1', 'Host: 127.0.0.1/x'], 400],
    ['a host with a user', ['GET / HTTP/1.1', 'Host: me@127.0.0.1'], 400],
    ['a header without a name', ['GET / HTTP/1.1', host, ': x'], 400],
    ['headers without end', ['GET / HTTP/1.1', host, `X: ${'x'.repeat(20_000)}`], 431],
  ])('%s', async (_name, lines, status) => {
    expect(await askRaw(web, lines)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });

  test.each(['/%', '/%zz', '/..', '/static/%00', '/\\', '//', '/?%'])(
    'nothing of %s, which is no page',
    async (path) => {
      expect(await askRaw(web, [`GET ${path} HTTP/1.1`, host, 'Connection: close'])).toMatch(
        /^HTTP\/1.1 (?:303|400|404) /,
      );
    },
  );
});

describe('a form', () => {
  const head = ['POST /login HTTP/1.1', 'host: localhost', 'content-type: application/x-www-form-urlencoded'];

  /** Begins a form, and continues on demand. */
  async function begin(rest: string): Promise<TLSSocket> {
    const { port } = new URL(web.url);
    const socket = connect({ host: '127.0.0.1', port: Number(port), ca: web.ca.caPem, servername: 'localhost' });
    socket.on('error', () => {});
    await once(socket, 'secureConnect');
    await new Promise<void>((sent) => socket.write([...head, ...rest.split('\n')].join('\r\n'), () => sent()));
    return socket;
  }

  test('that is endless is rejected, and its connection is closed', async () => {
    const chunk = 'x'.repeat(64 * 1024);
    const socket = await begin(`transfer-encoding: chunked\n\n${`10000\n${chunk}\n`.repeat(5)}`);
    const response = await text(socket);
    expect(response).toMatch(/^HTTP\/1\.1 403 /);
    expect(response).toMatch(/\r\nconnection: close\r\n/i);
    expect(response).toContain('The form could not be read');
  });

  test('that breaks off is not a server error', async () => {
    const before = web.logged.length;
    const socket = await begin('content-length: 100\n\nusername=');
    socket.destroy();
    await expect.poll(() => web.logged.length, { timeout: 20_000 }).toBeGreaterThan(before);
    expect(web.logged.slice(before)).toEqual([
      expect.objectContaining({ level: 'info', route: '/login', ip: '127.0.0.1' }),
    ]);
  });
});

test.each(['927.0.0.1', 'localhost:99999', '[::1::]'])(
  'the host %s, which no URL can have, is rejected',
  async (host) => {
    expect(await askRaw(web, ['GET / HTTP/1.1', `host: ${host}`, 'connection: close'])).toMatch(/^HTTP\/1\.1 400 /);
  },
);

test('a request rejected before routing gets an error message and an id', async () => {
  const { status, headers, body } = await ask(web, '/', { method: 'PATCH' });
  expect({ status, body }).toEqual({ status: 405, body: 'The method PATCH is not supported\n' });
  expect(headers).toMatchObject({ allow: 'GET, HEAD, POST', connection: 'close' });
  expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
});
