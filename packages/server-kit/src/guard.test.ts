import type { IncomingMessage } from 'node:http';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pathProblem, rejectAmbiguous, rejectVersion } from './guard.ts';

/** A request as Node's parser passes it on. */
function request(method: string, url: string, rawHeaders: readonly string[] = ['Host', 'localhost:8443']) {
  const headers: Record<string, string | undefined> = {};
  for (let at = 0; at < rawHeaders.length; at += 2) headers[rawHeaders[at]!.toLowerCase()] ??= rawHeaders[at + 1];
  return { method, url, rawHeaders, headers } as unknown as IncomingMessage;
}

const check = (...parts: Parameters<typeof request>) =>
  rejectAmbiguous(request(...parts), { encodedSlashes: '/v1/repositories/' });

describe('rejectAmbiguous', () => {
  test.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])('lets %s through', (method) => {
    expect(check(method, '/v2/app/manifests/v1?a=//..%2f')).toBeUndefined();
  });

  test.each(['TRACE', 'OPTIONS', 'CONNECT', 'PROPFIND', 'get'])('rejects %s with 405', (method) => {
    expect(check(method, '/v2/')).toMatchObject({ status: 405, allow: 'GET, HEAD, POST, PUT, PATCH, DELETE' });
  });

  test.each(['localhost', 'a', '127.0.0.1:1', '[::1]:8443', 'registry.example.net:443', 'X-1.Example'])(
    'accepts the host %s',
    (host) => {
      expect(check('GET', '/v2/', ['host', host])).toBeUndefined();
    },
  );

  test.each([
    '',
    ' ',
    'a b',
    'a/b',
    'a@b',
    'a:b',
    'a:123456',
    '-a',
    'a_b"',
    '[::1',
    '::1',
    'a,b',
    'é',
    `a${'b'.repeat(254)}`,
    'a:65536',
    '99999999999999999999',
    '1.2.3.4.5',
    '1.2.3.256',
    '[:::]',
    '[1.2.3.4]',
  ])('rejects the host %j', (host) => {
    expect(check('GET', '/v2/', ['Host', host])).toMatchObject({
      status: 400,
      message: expect.stringContaining('Host'),
    });
  });

  test('rejects a request without Host', () => {
    expect(check('GET', '/v2/', [])?.status).toBe(400);
  });

  test.each(['Host', 'Authorization', 'Content-Range', 'Content-Type', 'Range'])('rejects %s twice', (name) => {
    const headers = ['Host', 'localhost', name, 'localhost', name.toUpperCase(), 'localhost'];
    expect(check('GET', '/v2/', headers)?.message).toContain(name.toLowerCase());
  });

  test('accepts the expectation 100-continue and rejects others with 417', () => {
    const expecting = (value: string) => check('PUT', '/v2/', ['Host', 'localhost', 'Expect', value]);
    expect(expecting('100-continue')).toBeUndefined();
    expect(expecting('100-Continue')).toBeUndefined();
    expect(expecting('200-maybe')?.status).toBe(417);
    expect(expecting('100-continue, 200-maybe')?.status).toBe(417);
  });

  test('accepts other headers twice', () => {
    expect(check('GET', '/v2/', ['Host', 'localhost', 'Accept', 'a', 'accept', 'b'])).toBeUndefined();
  });

  test('accepts 100 headers and rejects 101', () => {
    const headers = (count: number) => [
      'Host',
      'a',
      ...Array.from({ length: count - 1 }, (_, at) => [`X-${at}`, '']).flat(),
    ];
    expect(check('GET', '/v2/', headers(100))).toBeUndefined();
    expect(check('GET', '/v2/', headers(101))?.status).toBe(431);
  });

  test('accepts a target of 8,192 characters and rejects a longer one with 414', () => {
    expect(check('GET', `/${'a'.repeat(8_191)}`)).toBeUndefined();
    expect(check('GET', `/${'a'.repeat(8_192)}`)?.status).toBe(414);
  });

  test.each(['http://evil.example/v2/', 'https://localhost:8443/v2/', '*', 'v2/', '', 'localhost:443'])(
    'rejects the target %j, which is no path',
    (target) => {
      expect(check('GET', target)?.status).toBe(400);
    },
  );

  test('allows encoded slashes below their prefix only', () => {
    expect(check('GET', '/v1/repositories/a%2Fb')).toBeUndefined();
    expect(check('GET', '/v1/repositories/a%2F..%2Fb')?.status).toBe(400);
    expect(check('GET', '/v1/gc%2Fstatus')?.status).toBe(400);
    expect(check('GET', '/v2/a%2Fb/tags/list')?.status).toBe(400);
  });
});

describe('pathProblem', () => {
  test.each([
    '/',
    '/v2/',
    '/v2/a.b/..c/manifests/v1',
    '/v2/sha256:00',
    '/v2/a%20b',
    '/v2/%C3%A9',
    '/a/.../b',
    '/a~b!$&',
  ])('sees none in %s', (path) => {
    expect(pathProblem(path, false)).toBeUndefined();
  });

  test.each([
    '//',
    '/v2//a',
    '//v2/',
    '/v2/a//',
    '/v2/./a',
    '/v2/../a',
    '/v2/..',
    '/v2/a/.',
    '/v2/%2e%2e/a',
    '/v2/.%2E/a',
    '/v2/%2e/a',
    '/v2/a%2fb',
    '/v2/a%2F%2e%2e%2Fb',
    '/v2/a%5cb',
    '/v2/a\\b',
    '/v2/a%00',
    '/v2/a%0d%0ab',
    '/v2/a%7F',
    '/v2/a%252e',
    '/v2/%',
    '/v2/%2',
    '/v2/%zz',
    '/v2/%aa',
    '/v2/%c0%ae',
    '/v2/%ed%a0%80',
    '/v2/a#b',
    '/v2/a b',
    '/v2/é',
  ])('sees one in %s', (path) => {
    expect(pathProblem(path, false)).toEqual(expect.any(String));
  });

  test('sees one in 137 segments, and none in 136', () => {
    expect(pathProblem('/a'.repeat(136), false)).toBeUndefined();
    expect(pathProblem('/a'.repeat(137), false)).toContain('segments');
    expect(pathProblem('/'.repeat(8_000), false)).toContain('segments');
  });

  test('a path that it accepts is the same for every URL parser', () => {
    const piece = fc.constantFrom(
      '/',
      '.',
      '..',
      'v2',
      'a',
      '%2e',
      '%2F',
      '%5C',
      '%00',
      '%25',
      '%41',
      '\\',
      '?',
      ';',
      '%',
      ':',
      '@',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`),
        (path) => {
          fc.pre(!path.includes('?'));
          if (pathProblem(path, false) !== undefined) return;
          expect(new URL(`https://host${path}`).pathname).toBe(path);
          expect(decodeURIComponent(path).split('/').length).toBe(path.split('/').length);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

test('a listener may accept fewer methods, and lists them in Allow', () => {
  const methods = ['GET', 'HEAD', 'POST'];
  expect(rejectAmbiguous(request('POST', '/login'), { methods })).toBeUndefined();
  expect(rejectAmbiguous(request('PUT', '/login'), { methods })).toMatchObject({
    status: 405,
    allow: 'GET, HEAD, POST',
  });
});

test.each([
  ['1.1', undefined],
  ['1.0', undefined],
  ['0.9', 400],
  ['2.0', 400],
])('a request that calls itself HTTP/%s', (httpVersion, status) => {
  expect(rejectVersion({ httpVersion })?.status).toBe(status);
});
