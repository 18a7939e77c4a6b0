import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BlobMissing } from '../../src/errors.ts';
import { S3BlobStore } from '../../src/s3/s3-blob-store.ts';
import { bytes, collect, contentOf, source, upload } from '../../src/testing/content.ts';
import { expectBytes } from '../../src/testing/expect-bytes.ts';
import { optionsFor } from './_buckets.ts';
import { fail, ScriptedS3 } from './_scripted.ts';

const MiB = 2 ** 20;
let s3: ScriptedS3;
let store: S3BlobStore;

beforeEach(async () => {
  // Without jitter the waits between attempts have their least length.
  vi.spyOn(Math, 'random').mockReturnValue(0);
  s3 = await ScriptedS3.start();
  store = await S3BlobStore.open(optionsFor(s3.access, { idleMs: 20_000 }));
});
afterEach(async () => {
  await store.close();
  await s3[Symbol.asyncDispose]();
  vi.restoreAllMocks();
});

const push = async (size: number) => (await upload(store, bytes(size)))[0]!;
const unavailable = { code: 'UNAVAILABLE', facts: { retryAfterMs: expect.any(Number) } };

describe('a PUT', () => {
  test.each([
    ['503 SlowDown', (_: unknown, response: Parameters<typeof fail>[0]) => fail(response, 503, 'SlowDown')],
    ['500', (_: unknown, response: Parameters<typeof fail>[0]) => fail(response, 500, 'InternalError')],
    ['a timeout in 400', (_: unknown, response: Parameters<typeof fail>[0]) => fail(response, 400, 'RequestTimeout')],
    ['an error in 200', (_: unknown, response: Parameters<typeof fail>[0]) => fail(response, 200, 'InternalError')],
    ['a connection that breaks', (request: { socket: { destroy(): void } }) => (request.socket.destroy(), true)],
  ])('is tried again after %s, and fails after four attempts', async (_what, script) => {
    s3.on('PUT', script, 3);
    const { locator } = await push(1000);
    expect(s3.count('PUT')).toBe(4);
    expectBytes(await contentOf(store, locator, 1000), bytes(1000));

    s3.on('PUT', script);
    await expect(push(1000)).rejects.toMatchObject(unavailable);
    expect(s3.count('PUT')).toBe(8);
  });

  test('without a response in time is tried again, and fails after four attempts', async () => {
    await store.close();
    store = await S3BlobStore.open(optionsFor(s3.access, { idleMs: 300 }));
    s3.on('PUT', () => true);
    await expect(push(1000)).rejects.toMatchObject(unavailable);
    expect(s3.count('PUT')).toBe(4);
  });

  test('does not count when the response comes before the body was sent', async () => {
    // What is sent fills all buffers, and the server reads none of it.
    const early = await S3BlobStore.open(
      optionsFor(s3.access, { idleMs: 30_000, partSize: 64 * MiB, buffers: 128 * MiB }),
    );
    s3.on(
      'PUT',
      (request, response) => {
        request.pause();
        response.end();
        return true;
      },
      1,
    );
    const { piece } = await early.append(randomUUID(), source(bytes(60 * MiB)));
    expect(s3.count('PUT')).toBe(2);
    expect([...s3.objects.values()].map(({ length }) => length)).toEqual([piece!.size]);
    await early.close();
  });

  test('is signed over what it sends, and is not tried again when it is denied', async () => {
    s3.on('PUT', (_, response) => fail(response, 403, 'AccessDenied'));
    await expect(push(1000)).rejects.toMatchObject({ code: 'UNAVAILABLE', cause: { code: 'AccessDenied' } });
    expect(s3.count('PUT')).toBe(1);
    expect(s3.seen.at(-1)?.headers['x-amz-content-sha256']).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each([
    [507, 'InsufficientStorage'],
    [403, 'QuotaExceeded'],
  ])('that the server has no room for, %i %s, is NO_SPACE', async (status, code) => {
    s3.on('PUT', (_, response) => fail(response, status, code));
    await expect(push(1000)).rejects.toMatchObject({ code: 'NO_SPACE' });
    expect(s3.count('PUT')).toBe(1);
  });
});

describe('a multipart upload', () => {
  const parts = 12 * MiB;

  test('counts as failed, and leaves nothing, when its completion is an error in 200', async () => {
    s3.on('POST', (request, response) => request.url!.includes('uploadId') && fail(response, 200, 'InternalError'));
    await expect(push(parts)).rejects.toMatchObject(unavailable);
    expect([s3.count('POST'), s3.objects.size]).toEqual([5, 0]);
    expect(s3.seen.filter(({ method, url }) => method === 'DELETE' && url.searchParams.has('uploadId'))).toHaveLength(
      1,
    );
  });

  test('whose parts have another ETag by now fails without another attempt', async () => {
    s3.on('POST', (request, response) => request.url!.includes('uploadId') && fail(response, 400, 'InvalidPart'));
    await expect(push(parts)).rejects.toMatchObject({ cause: { code: 'InvalidPart' } });
    expect(s3.count('POST')).toBe(2);
  });

  test('that was completed, and whose response was lost, counts', async () => {
    let completions = 0;
    s3.on('POST', async (request, response) => {
      if (!request.url!.includes('uploadId')) return false;
      completions += 1;
      if (completions > 1) return fail(response, 404, 'NoSuchUpload');
      s3.objects.set(
        decodeURIComponent(new URL(request.url!, 'http://x').pathname.slice('/registry/'.length)),
        Buffer.from(bytes(parts)),
      );
      request.socket.destroy();
      return true;
    });
    const { locator } = await push(parts);
    expectBytes(await contentOf(store, locator, parts), bytes(parts));
  });

  test('has parts of one size but for the last', async () => {
    const sizes: number[] = [];
    s3.on('PUT', (request) => (sizes.push(Number(request.headers['content-length'])), false));
    await push(parts);
    expect(sizes).toEqual([5 * MiB, 5 * MiB, 2 * MiB]);
  });
});

describe('a GET', () => {
  const size = 3 * MiB;
  /** Sends the right headers, a part of the body, and ends the connection. */
  const cut = (bytesBefore: number) => (times: number) =>
    s3.on(
      'GET',
      (request, response) => {
        const range = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '');
        if (range === null) return false;
        const [start, end] = [Number(range[1]), Number(range[2])];
        const headers = { 'Content-Range': `bytes ${start}-${end}/${size}`, 'Content-Length': end + 1 - start };
        response
          .writeHead(206, headers)
          .write(bytes(size).subarray(start, start + bytesBefore), () => request.socket.destroy());
        return true;
      },
      times,
    );

  test('that breaks goes on where it was, three times', async () => {
    const { locator } = await push(size);
    cut(100_000)(3);
    expectBytes(await contentOf(store, locator, size), bytes(size));
    expect(s3.seen.filter(({ method }) => method === 'GET').map(({ headers }) => headers.range)).toEqual(
      expect.arrayContaining([`bytes=0-${size - 1}`, `bytes=100000-${size - 1}`]),
    );
  });

  test('whose bytes come in small pieces hands them on in large ones', async () => {
    const [small, large] = [4_096, 65_536];
    const content = bytes(4 * large);
    const { locator } = await push(content.length);
    s3.on('GET', (request, response) => {
      if (request.headers.range === undefined) return false;
      const last = content.length - 1;
      response.writeHead(206, { 'Content-Range': `bytes 0-${last}/${last + 1}`, 'Content-Length': last + 1 });
      const send = (at: number): void => {
        if (at > last) return void response.end();
        response.write(content.subarray(at, at + small), () => void setTimeout(send, 1, at + small));
      };
      send(0);
      return true;
    });
    const pieces: Uint8Array[] = [];
    for await (const piece of (await store.open(locator, content.length)).stream()) pieces.push(piece);
    expectBytes(Buffer.concat(pieces), content);
    expect(pieces.length).toBeLessThanOrEqual(content.length / large);
  });

  test('that breaks again and again fails, and is no damage', async () => {
    const { locator } = await push(size);
    cut(1)(Number.POSITIVE_INFINITY);
    const failures: unknown[] = [];
    const opened = await store.open(locator, size, { onFailure: (error) => failures.push(error) });
    await expect(collect(opened.stream())).rejects.toMatchObject(unavailable);
    expect(failures).toEqual([expect.objectContaining({ name: 'S3Error', status: 0 })]);
  });

  test('of bytes that are not those that were asked for is not believed', async () => {
    const { locator } = await push(size);
    s3.on(
      'GET',
      (_, response) => (response.writeHead(206, { 'Content-Range': `bytes 5-9/${size}` }).end('12345'), true),
    );
    await expect(store.open(locator, size)).rejects.toMatchObject(unavailable);
  });

  test('is asked for the bytes that will be read, once', async () => {
    const { locator } = await push(size);
    const span = { start: 10, end: 99 };
    const opened = await store.open(locator, size, { span });
    expectBytes(await collect(opened.stream(span)), bytes(size).subarray(10, 100));
    expect(s3.seen.filter(({ method }) => method === 'GET' && s3.objects.size > 0).at(-1)?.headers.range).toBe(
      'bytes=10-99',
    );
  });

  test('404 is a missing blob only when HEAD says so, and the id of the store is there', async () => {
    await store.adopt(randomUUID());
    const { locator } = await push(1000);
    const key = [...s3.objects.keys()].find((name) => name.endsWith(locator))!;
    s3.on('GET', (request, response) => request.url!.includes(locator) && fail(response, 404, 'NoSuchKey'), 1);
    await expect(store.open(locator, 1000)).rejects.toMatchObject(unavailable);
    await (await store.open(locator, 1000)).close();

    s3.objects.delete(key);
    await expect(store.open(locator, 1000)).rejects.toThrow(BlobMissing);
    s3.objects.clear();
    await expect(store.open(locator, 1000)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(store.check()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  test('of a bucket that is not there is no missing blob', async () => {
    const { locator } = await push(1000);
    for (const method of ['GET', 'HEAD']) s3.on(method, (_, response) => fail(response, 404, 'NoSuchBucket'));
    await expect(store.open(locator, 1000)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });
});

test('the breaker rejects transfers after 20 failures, without a call, until one succeeds', async () => {
  const { locator } = await push(1000);
  s3.on('PUT', (_, response) => fail(response, 503, 'SlowDown'), 20);
  for (let round = 0; round < 5; round += 1) await expect(push(10)).rejects.toMatchObject(unavailable);
  expect(store.isBroken).toBe(true);
  const before = s3.seen.length;
  await expect(push(10)).rejects.toMatchObject(unavailable);
  await expect(store.open(locator, 1000)).rejects.toMatchObject(unavailable);
  expect(s3.seen).toHaveLength(before);
  await store.check();
  expect(store.isBroken).toBe(false);
  await push(10);
});

test('uploads wait for memory, and all of them end', async () => {
  await store.close();
  store = await S3BlobStore.open(optionsFor(s3.access, { buffers: 10 * MiB }));
  let [reading, most] = [0, 0];
  async function* slow(content: Uint8Array): AsyncGenerator<Uint8Array> {
    yield content.subarray(0, 1000);
    reading += 1;
    most = Math.max(most, reading);
    yield content.subarray(1000);
    reading -= 1;
  }
  const sizes = Array.from({ length: 12 }, (_, index) => 6 * MiB + index);
  const results = await Promise.all(sizes.map((size) => store.append(randomUUID(), slow(bytes(size)))));
  expect(results.map(({ piece }) => piece?.size)).toEqual(sizes);
  expect(most).toBeLessThanOrEqual(2);
});

test('the server is asked for encryption', async () => {
  await store.close();
  const encryption = { algorithm: 'aws:kms', kmsKeyId: 'alias/registry' } as const;
  store = await S3BlobStore.open(optionsFor(s3.access, { encryption }));
  await push(1000);
  await push(6 * MiB);
  const asking = s3.seen.filter(({ headers }) => headers['x-amz-server-side-encryption'] === 'aws:kms');
  expect(asking.map(({ method }) => method)).toEqual(['PUT', 'POST']);
  expect(asking[0]?.headers['x-amz-server-side-encryption-aws-kms-key-id']).toBe('alias/registry');
});
