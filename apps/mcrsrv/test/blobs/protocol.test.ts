import { digestOf } from '@mcr/core';
import { blobOf, type OciResponse, seededBytes } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectBodyless, expectError } from '../_util/errors.ts';
import { pushBlobs } from '../_util/manifests.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const bytes = seededBytes('a blob', 2048);

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-blobs
// Ranges are those of https://www.rfc-editor.org/rfc/rfc9110#section-14.
describe.each(['sha256', 'sha512'] as const)('blobs under %s', (algorithm) => {
  const blob = blobOf(bytes, undefined, algorithm);
  const get = (headers: Record<string, string>): Promise<OciResponse> =>
    server().admin.getBlob('app', blob.digest, { headers });

  beforeAll(async () => {
    expect((await server().admin.pushBlob('app', blob)).status).toBe(201);
  });

  test('GET responds with the bytes with their digest, length and type', async () => {
    const response = await get({});
    expect(response.status).toBe(200);
    expect(response.body.equals(bytes)).toBe(true);
    expect(response.headers).toMatchObject({
      'docker-content-digest': blob.digest,
      'content-length': '2048',
      'content-type': 'application/octet-stream',
      'accept-ranges': 'bytes',
      etag: `"${blob.digest}"`,
      'cache-control': expect.stringContaining('max-age=31536000'),
    });
  });

  test('HEAD responds with the same headers and no body', async () => {
    const { headers: expected } = await get({});
    const head = await server().admin.headBlob('app', blob.digest);
    expectBodyless(head, 200);
    for (const name of ['docker-content-digest', 'content-length', 'content-type', 'accept-ranges', 'etag']) {
      expect(head.header(name), name).toBe(expected[name]);
    }
  });

  test.each([
    ['bytes=500-1499', 500, 1499],
    ['bytes=500-', 500, 2047],
    ['bytes=0-', 0, 2047],
    ['bytes=-500', 1548, 2047],
    ['bytes=2000-5000', 2000, 2047],
    ['bytes=0-0', 0, 0],
    ['bytes=-5000', 0, 2047],
    ['bytes=2047-', 2047, 2047],
    ['Bytes=0-9', 0, 9],
  ])('%s is 206 with bytes %d to %d', async (range, start, end) => {
    const response = await get({ range });
    expect(response.status).toBe(206);
    expect(response.header('accept-ranges')).toBe('bytes');
    expect(response.header('content-range')).toBe(`bytes ${start}-${end}/2048`);
    expect(response.header('content-length')).toBe(String(end - start + 1));
    expect(response.header('docker-content-digest')).toBe(blob.digest);
    expect(response.body.equals(bytes.subarray(start, end + 1))).toBe(true);
  });

  test.each(['bytes=500-0', 'bytes=5000-10000', 'bytes=2048-', 'bytes=-0', `bytes=${'9'.repeat(400)}-`])(
    '%s is 416 with the size and an exact Content-Length',
    async (range) => {
      const response = await get({ range });
      expectError(response, 416, 'BLOB_UPLOAD_INVALID');
      expect(response.header('content-range')).toBe('bytes */2048');
    },
  );

  const everySecond = Array.from({ length: 1_000 }, (_, at) => [2 * at, 2 * at]);
  test.each([
    [
      'two ranges',
      'bytes=0-1,5-9',
      [
        [0, 1],
        [5, 9],
      ],
    ],
    [
      'two ranges that touch',
      'bytes=0-9,10-19',
      [
        [0, 9],
        [10, 19],
      ],
    ],
    [
      'three ranges, not sorted',
      'bytes=2000-, 0-0 ,500-1499',
      [
        [2000, 2047],
        [0, 0],
        [500, 1499],
      ],
    ],
    [
      'ranges of which one lies beyond',
      'bytes=0-1,9999-,-3',
      [
        [0, 1],
        [2045, 2047],
      ],
    ],
    ['a thousand ranges', `bytes=${everySecond.map(([start, end]) => `${start}-${end}`).join(',')}`, everySecond],
  ])('%s are 206 with a part for each, in this order', async (_, range, spans) => {
    const response = await get({ range });
    expect(response.status).toBe(206);
    expect(response.header('content-length')).toBe(String(response.body.length));
    expect(response.header('content-range')).toBeUndefined();
    expect(response.header('docker-content-digest')).toBe(blob.digest);
    expect(partsOf(response)).toEqual(
      spans.map(([start, end]) => ({
        type: 'application/octet-stream',
        range: `bytes ${start}-${end}/2048`,
        content: bytes.subarray(start, end! + 1).toString('latin1'),
      })),
    );
  });

  test('two requests for the same ranges have boundaries that cannot be foreseen', async () => {
    const types = await Promise.all(
      [1, 2].map(async () => (await get({ range: 'bytes=0-1,5-9' })).header('content-type')),
    );
    expect(new Set(types).size).toBe(2);
    for (const type of types) expect(type).toMatch(/^multipart\/byteranges; boundary=[0-9a-f]{48}$/);
  });

  test('If-Range and If-None-Match come before several ranges, too', async () => {
    const range = 'bytes=0-1,5-9';
    expect((await get({ range, 'if-range': `"${blob.digest}"` })).status).toBe(206);
    expect((await get({ range, 'if-range': `"${digestOf('another')}"` })).status).toBe(200);
    expectBodyless(await get({ range, 'if-none-match': `"${blob.digest}"` }), 304);
  });

  test('several ranges that all lie beyond the blob are 416', async () => {
    const response = await get({ range: 'bytes=2048-,3000-4000' });
    expectError(response, 416, 'BLOB_UPLOAD_INVALID');
    expect(response.header('content-range')).toBe('bytes */2048');
  });

  test.each([
    ['overlap', 'bytes=0-9,5-19'],
    ['are the same', 'bytes=0-1,0-1'],
    ['end before they begin', 'bytes=0-1,9-5'],
    ['are malformed', 'bytes=0-1,x'],
    ['are too many', `bytes=${Array.from({ length: 1_025 }, (_, at) => `${at}-${at}`).join(',')}`],
  ])('several ranges that %s get the whole blob', async (_, range) => {
    const response = await get({ range });
    expect(response.status).toBe(200);
    expect(response.body.equals(bytes)).toBe(true);
  });

  test.each(['lines=0-1', 'bytes=', 'bytes=-', 'bytes=a-b', 'bytes', '0-1', 'bytes=0-1-2'])(
    '%s, which is no single range of bytes, gets the whole blob',
    async (range) => {
      const response = await get({ range });
      expect(response.status).toBe(200);
      expect(response.body.equals(bytes)).toBe(true);
    },
  );

  test.each(['bytes=0-9', 'bytes=0-9,20-29'])('HEAD ignores %s', async (range) => {
    const head = await server().admin.headBlob('app', blob.digest, { headers: { range } });
    expectBodyless(head, 200);
    expect(head.header('content-length')).toBe('2048');
    expect(head.header('content-type')).toBe('application/octet-stream');
  });

  test('If-Range keeps a range of the same blob and drops that of another', async () => {
    const range = 'bytes=0-9';
    expect((await get({ range, 'if-range': `"${blob.digest}"` })).status).toBe(206);
    expect((await get({ range, 'if-range': `"${digestOf('another')}"` })).status).toBe(200);
  });

  test('If-None-Match of this digest is 304 without a body, with or without a range', async () => {
    expectBodyless(await get({ 'if-none-match': `"x", W/"${blob.digest}"` }), 304);
    expectBodyless(await get({ 'if-none-match': '*' }), 304);
    expectBodyless(await get({ 'if-none-match': `"${blob.digest}"`, range: 'bytes=0-9' }), 304);
    expect((await get({ 'if-none-match': '"x"' })).status).toBe(200);
  });
});

/** The parts of a multipart/byteranges body, as a strict reader of RFC 2046 finds them. */
function partsOf(response: OciResponse) {
  const boundary = /^multipart\/byteranges; boundary=(\w+)$/.exec(response.header('content-type') ?? '')?.[1];
  const text = response.body.toString('latin1');
  expect(text.startsWith(`--${boundary}\r\n`)).toBe(true);
  expect(text.endsWith(`\r\n--${boundary}--\r\n`)).toBe(true);
  const inner = text.slice(`--${boundary}\r\n`.length, -`\r\n--${boundary}--\r\n`.length);
  return inner.split(`\r\n--${boundary}\r\n`).map((part) => {
    const end = part.indexOf('\r\n\r\n');
    const headers = new Headers(
      part
        .slice(0, end)
        .split('\r\n')
        .map((line) => line.split(': ') as [string, string]),
    );
    return { type: headers.get('content-type'), range: headers.get('content-range'), content: part.slice(end + 4) };
  });
}

describe('blobs that are not there', () => {
  test.each([
    ['in a repository that has others', 'app'],
    ['in a repository that does not exist', 'nothing/here'],
  ])('are 404 BLOB_UNKNOWN %s', async (_, name) => {
    const digest = digestOf('never pushed');
    expectError(await server().admin.getBlob(name, digest), 404, 'BLOB_UNKNOWN');
    expectBodyless(await server().admin.headBlob(name, digest), 404);
  });

  test('are 404 also when another repository has them', async () => {
    const blob = blobOf('only in one');
    expect((await server().admin.pushBlob('one', blob)).status).toBe(201);
    expectError(await server().admin.getBlob('app', blob.digest), 404, 'BLOB_UNKNOWN');
  });
});

describe.each(['sha256', 'sha512'] as const)('the empty blob under %s', (algorithm) => {
  const empty = blobOf('', undefined, algorithm);

  test.each(['put', 'post', 'stream'] as const)('can be pushed by %s and pulled', async (mode) => {
    const name = `empty/${algorithm}-${mode}`;
    expect((await server().admin.pushBlob(name, empty, mode)).status).toBe(201);
    const response = await server().admin.getBlob(name, empty.digest);
    expect(response.status).toBe(200);
    expect(response.header('content-length')).toBe('0');
    expect(response.body.length).toBe(0);
    expect((await server().admin.headBlob(name, empty.digest)).header('content-length')).toBe('0');
    const ranged = await server().admin.getBlob(name, empty.digest, { headers: { range: 'bytes=0-' } });
    expectError(ranged, 416, 'BLOB_UPLOAD_INVALID');
    expect(ranged.header('content-range')).toBe('bytes */0');
  });
});

describe('a blob is there for HEAD and GET as soon as its 201 is, before any manifest', () => {
  test('after PUT, after a single POST and after a mount', async () => {
    const blob = blobOf('there at once');
    for (const mode of ['put', 'post', 'stream'] as const) {
      await pushBlobs(server().admin, `at-once/${mode}`, blob);
      expect((await server().admin.pushBlob(`at-once/${mode}`, blob, mode)).status).toBe(201);
      expectBodyless(await server().admin.headBlob(`at-once/${mode}`, blob.digest), 200);
      expect((await server().admin.getBlob(`at-once/${mode}`, blob.digest)).text()).toBe('there at once');
    }
    expect((await server().admin.mountBlob('at-once/mounted', blob.digest, 'at-once/put')).status).toBe(201);
    expectBodyless(await server().admin.headBlob('at-once/mounted', blob.digest), 200);
  });

  test('and a collection at that moment leaves it alone', async () => {
    const blob = blobOf('young');
    await pushBlobs(server().admin, 'at-once/young', blob);
    const { store, clock } = server().context.services;
    await store.gc.review({ now: clock.now() + 60_000, limit: 25 });
    expect((await server().admin.getBlob('at-once/young', blob.digest)).text()).toBe('young');
  });
});

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#checking-if-content-exists-in-the-registry
test('HEAD of a blob is 200 with Content-Length, or 404, and nothing else', async () => {
  await pushBlobs(server().admin, 'app', blobOf('head'));
  const head = await server().admin.headBlob('app', digestOf('head'));
  expectBodyless(head, 200);
  expect(head.header('content-length')).toBe('4');
  expectBodyless(await server().admin.headBlob('app', digestOf('nothing')), 404);
  expectBodyless(await server().admin.headBlob('no/such/repository', digestOf('nothing')), 404);
  const cached = { headers: { 'if-none-match': `"${digestOf('head')}"`, range: 'bytes=9-' } };
  expectBodyless(await server().admin.headBlob('app', digestOf('head'), cached), 200);
});
