import { blobOf, RawConnection, type RawResponse, rawGet, seededBytes } from '@mcr/testkit';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { failuresOf, logOf } from '../_util/log.ts';
import { pushBlobs } from '../_util/manifests.ts';
import { pollOptions } from '../_util/poll-options.ts';
import { leavingNothing } from '../_util/traces.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();

/** The process lives, and responds to others as before. */
afterEach(async () => {
  expect((await rawGet(server(), '/v2/', { host: 'localhost' })).status).toBe(401);
});

afterAll(() => {
  expect(failuresOf(server())).toEqual([]);
});

/** Sends bytes, reads the one response, and expects an error body, nothing more, and a closed connection. */
async function expectRejected(bytes: string, status: number): Promise<RawResponse> {
  return await leavingNothing(server(), async () => {
    await using connection = await RawConnection.open(server());
    await connection.send(bytes);
    const response = await connection.read();
    expect(response.status, response.body).toBe(status);
    expect(response.headers['content-type']).toBe('application/json');
    expect(JSON.parse(response.body).errors).toEqual([{ code: 'UNSUPPORTED', message: expect.stringMatching(/\S/) }]);
    expect(response.headers['connection']).toBe('close');
    await connection.closed();
    expect(connection.pending, 'no second response').toBe('');
    return response;
  });
}

/** A request line and headers, with `Host` unless they bring one. */
function head(line: string, ...headers: readonly string[]): string {
  const host = headers.some((header) => /^host/i.test(header)) ? [] : ['Host: localhost'];
  return [line, ...host, ...headers, '', ''].join('\r\n');
}

const get = (...headers: string[]): string => head('GET /v2/ HTTP/1.1', ...headers);
const post = (headers: string[], body: string): string => head('POST /v2/token HTTP/1.1', ...headers) + body;
/** What a smuggled request would look like. */
const smuggled = 'GET /v1/health HTTP/1.1\r\nHost: localhost\r\n\r\n';

describe('a Host', () => {
  test.each([
    ['that stands twice', get('Host: localhost', 'Host: localhost')],
    ['that stands twice, differently', get('Host: localhost', 'host: evil.example')],
    ['that is missing', 'GET /v2/ HTTP/1.1\r\n\r\n'],
    ['that is empty', get('Host:')],
    ['with a path', get('Host: localhost/x')],
    ['with credentials', get('Host: admin:x@localhost')],
    ['with a space', get('Host: local host')],
    ['with a quote', get('Host: local"host')],
    ['with a port of six digits', get('Host: localhost:123456')],
    ['with two ports', get('Host: localhost:1:2')],
    ['with a port that is none', get('Host: localhost:65536')],
    ['that is too large a number', get('Host: 99999999999999999999')],
    ['that is a list', get('Host: localhost, evil.example')],
    ['of 300 characters', get(`Host: ${'a'.repeat(300)}`)],
  ])('%s is 400', async (_, bytes) => {
    await expectRejected(bytes, 400);
  });
});

describe('a method', () => {
  test.each(['TRACE', 'OPTIONS', 'PROPFIND', 'SEARCH', 'LOCK'])('%s is 405', async (method) => {
    const { headers } = await expectRejected(head(`${method} /v2/ HTTP/1.1`), 405);
    expect(headers['allow']).toBe('GET, HEAD, POST, PUT, PATCH, DELETE');
  });

  test.each(['get', 'FOO', 'G\0T', 'GET\t'])('%j, which is none, is 400', async (method) => {
    await expectRejected(head(`${method} /v2/ HTTP/1.1`), 400);
  });

  test('CONNECT gets no tunnel', async () => {
    await using connection = await RawConnection.open(server());
    await connection.send(head('CONNECT 127.0.0.1:22 HTTP/1.1'));
    await connection.closed();
    expect(connection.pending).not.toMatch(/^HTTP\/1.1 2/);
  });
});

describe('a target', () => {
  test.each([
    'http://evil.example/v2/',
    'https://localhost/v2/',
    '//v2/',
    '/v2//token',
    '//admin/%2e%2e/v2/',
    '/v2/../v1/health',
    '/v2/./token',
    '/v2/%2e%2e/v1/health',
    '/v2/%2E./v1/health',
    '/v2/a%2fb/tags/list',
    '/v2/a%2F..%2Fb/tags/list',
    '/v2/a%5cb/tags/list',
    '/v2/a\\..\\b/tags/list',
    '/v2/a%00/tags/list',
    '/v2/a%0d%0aX:y/tags/list',
    '/v2/a%252fb/tags/list',
    '/v2/%',
    '/v2/a#b',
    '/v1/repositories/a%2F..%2Fb',
    '/v2/ü',
  ])('%s is 400', async (target) => {
    await leavingNothing(server(), async () => {
      await using connection = await RawConnection.open(server());
      await connection.send(Buffer.from(head(`GET ${target} HTTP/1.1`), 'utf8'));
      const response = await connection.read();
      expect(response.status, response.body).toBe(400);
      await connection.closed();
    });
  });

  test('of more than 8 KiB is 414', async () => {
    await expectRejected(head(`GET /v2/${'a'.repeat(8_200)} HTTP/1.1`), 414);
  });

  test('of more than 16 KiB is 431', async () => {
    await expectRejected(head(`GET /v2/${'a'.repeat(20_000)} HTTP/1.1`), 431);
  });

  test.each([
    'GET /v2/ HTTP/9.9',
    'GET /v2/ HTTP/1.10',
    'GET /v2/ HTTP/2.0',
    'GET /v2/ HTTP/0.9',
    'GET /v2/ FTP/1.1',
    'GET /v2/',
    'PRI * HTTP/2.0',
  ])('of another protocol or version is 400: %s', async (line) => {
    await expectRejected(head(line), 400);
  });
});

describe('a length', () => {
  test.each([
    ['and chunks at once', post(['Content-Length: 4', 'Transfer-Encoding: chunked'], `0\r\n\r\n${smuggled}`)],
    [
      'and chunks at once, the other way round',
      post(['Transfer-Encoding: chunked', 'Content-Length: 4'], `0\r\n\r\n${smuggled}`),
    ],
    ['twice', post(['Content-Length: 4', 'Content-Length: 4'], `abcd${smuggled}`)],
    ['twice, differently', post(['Content-Length: 0', 'Content-Length: 4'], smuggled)],
    ['that is a list', post(['Content-Length: 4, 4'], `abcd${smuggled}`)],
    ['with a sign', post(['Content-Length: +4'], `abcd${smuggled}`)],
    ['below zero', post(['Content-Length: -1'], smuggled)],
    ['in hexadecimal', post(['Content-Length: 0x4'], `abcd${smuggled}`)],
    ['with an underscore', post(['Content-Length: 1_0'], `abcd${smuggled}`)],
    ['beyond 2^64', post(['Content-Length: 18446744073709551620'], smuggled)],
    ['before a colon with a space', post(['Content-Length : 4'], `abcd${smuggled}`)],
  ])('%s is 400, and nothing behind it is read as a request', async (_, bytes) => {
    await expectRejected(bytes, 400);
  });

  test.each(['xchunked', 'chunked, identity', 'identity', 'chunked, chunked', ' chunked x', '"chunked"', 'gzip'])(
    'by Transfer-Encoding: %s is 400',
    async (encoding) => {
      await expectRejected(post([`Transfer-Encoding: ${encoding}`], `0\r\n\r\n${smuggled}`), 400);
    },
  );
});

describe('a header', () => {
  test.each([
    ['with a bare CR', 'GET /v2/ HTTP/1.1\r\nHost: localhost\r\nX: a\rb\r\n\r\n'],
    ['after a bare LF', 'GET /v2/ HTTP/1.1\nHost: localhost\n\n'],
    ['folded over two lines', get('X: a', ' b')],
    ['with a NUL', get('X: a\0b')],
    ['with a space in its name', get('X Y: a')],
    ['without a colon', get('nonsense')],
    ['without a name', get(': a')],
  ])('%s is 400', async (_, bytes) => {
    await expectRejected(bytes, 400);
  });

  test('of 20 kB, and a thousand of 20 bytes, are 431', async () => {
    await expectRejected(get(`X: ${'a'.repeat(20_000)}`), 431);
    await expectRejected(get(...Array.from({ length: 1_000 }, (_, at) => `X-${at}: ${'a'.repeat(12)}`)), 431);
  });

  test('of so many ranges that they do not fit is 400, after which podman asks for half as many', async () => {
    const ranges = Array.from(
      { length: 1_024 },
      (_, at) => `${10_000_000_000 + 9_000 * at}-${10_000_004_999 + 9_000 * at}`,
    );
    const { body } = await expectRejected(get(`Range: bytes=${ranges.join(',')}`), 400);
    expect(JSON.parse(body).errors[0].message).toContain('fewer ranges');
    await using connection = await RawConnection.open(server());
    await connection.send(get(`Range: bytes=${ranges.slice(0, 512).join(',')}`));
    expect((await connection.read()).status).toBe(401);
  });

  test('beyond the hundredth is 431', async () => {
    await expectRejected(get(...Array.from({ length: 100 }, (_, at) => `X-${at}: a`)), 431);
  });

  test.each([
    '__proto__: x',
    'constructor: x',
    'toString: x',
    'hasOwnProperty: x',
    'Upgrade: h2c',
    'Upgrade: websocket',
  ])('%s is as any other', async (header) => {
    await using connection = await RawConnection.open(server());
    await connection.send(get(header, 'Connection: Upgrade, HTTP2-Settings', 'HTTP2-Settings: AAMAAABkAAQAAP__'));
    expect((await connection.read()).status).toBe(401);
  });

  test('that expects something unheard of is 417', async () => {
    for (const value of ['200-maybe', '200-maybe, 100-continue']) await expectRejected(get(`Expect: ${value}`), 417);
  });
});

describe('a chunk', () => {
  async function expectBroken(body: string, status = 400): Promise<void> {
    const { token } = await server().admin.token();
    const upload = await server().admin.startUpload('chunks');
    const headers = [`Authorization: Bearer ${token}`, 'Transfer-Encoding: chunked'];
    await using connection = await RawConnection.open(server());
    await connection.send(head(`PATCH ${upload.header('location')} HTTP/1.1`, ...headers) + body);
    expect((await connection.read()).status).toBe(status);
    await connection.closed();
    expect((await server().admin.cancelUpload(upload.header('location')!)).status).toBe(204);
  }

  test.each([
    ['without a size', 'xyz\r\n'],
    ['with a negative size', '-1\r\nabc\r\n0\r\n\r\n'],
    ['beyond 2^64', 'ffffffffffffffffff\r\nabc'],
    ['longer than its size', '2\r\nabc\r\n0\r\n\r\n'],
    ['after a good one, without a size', '3\r\nabc\r\nZZ\r\n'],
    ['ended by a bare LF', '3\nabc\n0\n\n'],
  ])('%s is 400', async (_, body) => {
    await expectBroken(body);
  });

  test('with extensions of 32 kB is 413', async () => {
    await expectBroken(`3;${'x'.repeat(32_768)}\r\nabc\r\n0\r\n\r\n`, 413);
  });
});

test('bytes that are no HTTP at all are 400', async () => {
  for (const bytes of ['\x16\x03\x01\x02\x00\x01\x00', '\0\0\0\0', '{"a":1}\r\n\r\n', 'SSH-2.0-x\r\n']) {
    await expectRejected(bytes, 400);
  }
});

test('bytes that are no HTTP break a response that has begun off, and never get a response within it', async () => {
  // More than all the buffers on the way hold together.
  const blob = blobOf(seededBytes('response', 32 * 1024 * 1024));
  await pushBlobs(server().admin, 'responses', blob);
  const { token } = await server().admin.token();
  const request = head(`GET /v2/responses/blobs/${blob.digest} HTTP/1.1`, `Authorization: Bearer ${token}`);
  for (const next of ['', get()]) {
    await using connection = await RawConnection.open(server());
    connection.socket.pause();
    await connection.send(request);
    const lines = () =>
      logOf(server()).filter(({ path, aborted }) => path === `/v2/responses/blobs/${blob.digest}` && aborted);
    const before = lines().length;
    await expect.poll(() => connection.socket.readableLength, pollOptions).toBeGreaterThan(0);
    await connection.send(`${next}\0\0\0\0`);
    await expect.poll(() => lines().length, pollOptions).toBe(before + 1);
    connection.socket.resume();
    await connection.closed();
    const [, body = ''] = connection.pending.split('\r\n\r\n');
    expect(connection.pending.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200']);
    expect(body.length).toBeLessThan(blob.size);
  }
});
