import { Readable } from 'node:stream';
import { type DigestAlgorithm, digestOf } from '@mcr/core';
import { blobOf, locationOf, seededBytes, type UploadMode } from '@mcr/testkit';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tracesOf } from '../_util/traces.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const megabyte = 1024 * 1024;

/** Around the sizes in which bytes are read from sockets and written to files. */
const sizes = [1, 65_535, megabyte - 1, megabyte, 3 * megabyte + 7];
const modes: Record<string, UploadMode> = {
  'POST, then PUT of the whole': 'put',
  'one POST': 'post',
  'a chunked PATCH, then an empty PUT': 'stream',
  'PATCHes of 700,000 bytes with ranges': { chunkSize: 700_000 },
};

describe.each(['sha256', 'sha512'] as const)('a %s blob', (algorithm) => {
  test.each(Object.entries(modes))('by %s is byte by byte what was sent', async (what, mode) => {
    for (const size of sizes) {
      const bytes = seededBytes(`${what} ${size} ${algorithm}`, size);
      const blob = blobOf(bytes, undefined, algorithm);
      const pushed = await server().admin.pushBlob('shapes', blob, mode);
      expect(pushed.status, pushed.text()).toBe(201);
      const pulled = await server().admin.getBlob('shapes', blob.digest);
      expect(pulled.body.equals(bytes), `${size} bytes`).toBe(true);
    }
    const { uploads, uploadFiles } = await tracesOf(server());
    expect({ uploads, uploadFiles }).toEqual({ uploads: 0, uploadFiles: [] });
  });
});

test.each(['sha256', 'sha512'] as const)('an empty %s blob needs no Content-Length', async (algorithm) => {
  const { admin } = server();
  const digest = digestOf('', algorithm);
  const empty = () => ({ body: Readable.from([]) });
  const location = locationOf(await admin.startUpload('empty/put'));
  for (const [name, done] of [
    ['empty/put', await admin.request('PUT', `${location}?digest=${digest}`, empty())],
    ['empty/post', await admin.request('POST', `/v2/empty/post/blobs/uploads/?digest=${digest}`, empty())],
  ] as const) {
    expect(done.status, done.text()).toBe(201);
    const pulled = await admin.getBlob(name, digest);
    expect(pulled).toMatchObject({ status: 200, body: Buffer.alloc(0) });
    expect(pulled.header('content-length')).toBe('0');
  }
});

/** One request of an upload: its bytes, and how they are announced. */
interface Part {
  readonly size: number;
  readonly form: 'range' | 'length' | 'chunked';
}

const part = fc.record<Part>({
  size: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 300_000 })),
  form: fc.constantFrom('range', 'length', 'chunked'),
});

test('any mixture of parts makes the blob, with the true offset after each', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(part, { maxLength: 5 }),
      fc.option(part, { nil: undefined }),
      fc.constantFrom<DigestAlgorithm>('sha256', 'sha512'),
      async (parts, last, algorithm) => {
        const { admin } = server();
        const total = [...parts, ...(last ? [last] : [])].reduce((sum, { size }) => sum + size, 0);
        const bytes = seededBytes(JSON.stringify([parts, last]), total);
        const location = locationOf(await admin.startUpload('mixed'));
        let at = 0;
        const next = ({ size, form }: Part) => {
          const chunk = bytes.subarray(at, (at += size));
          const headers = form === 'range' ? { 'content-range': `${at - size}-${at - 1}` } : {};
          return { headers, body: form === 'chunked' ? Readable.from([chunk]) : chunk };
        };
        for (const each of parts) {
          const patched = await admin.request('PATCH', location, next(each));
          expect(patched.status, patched.text()).toBe(202);
          expect(patched.header('range')).toBe(`0-${at - 1}`);
          expect((await admin.uploadStatus(location)).header('range')).toBe(`0-${at - 1}`);
        }
        const digest = digestOf(bytes, algorithm);
        const closing = last === undefined ? { headers: { 'content-length': '0' } } : next(last);
        const done = await admin.request('PUT', `${location}?digest=${digest}`, closing);
        expect(done.status, done.text()).toBe(201);
        expect((await admin.getBlob('mixed', digest)).body.equals(bytes)).toBe(true);
      },
    ),
    { numRuns: 20 },
  );
});
