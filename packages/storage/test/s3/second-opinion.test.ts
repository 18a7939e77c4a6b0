import { randomUUID } from 'node:crypto';
import { digestOf } from '@mcr/core';
import { requireS3Server, type S3Server, startS3Server } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BlobMissing } from '../../src/errors.ts';
import { S3BlobStore } from '../../src/s3/s3-blob-store.ts';
import { appendTo, bytes, collect, contentOf, source, toArray, upload } from '../../src/testing/content.ts';
import { expectBytes } from '../../src/testing/expect-bytes.ts';
import { optionsFor } from './_buckets.ts';

/** What the store asks of a server, once each, of another implementation than the one that runs the contract: it takes seconds for a megabyte. */
describe.skipIf(!requireS3Server('s3proxy'))('s3proxy', () => {
  let server: S3Server;
  let store: S3BlobStore;
  beforeAll(async () => {
    server = await startS3Server('s3proxy');
    store = await S3BlobStore.open(optionsFor(server));
  }, 120_000);
  afterAll(async () => {
    await store.close();
    await server[Symbol.asyncDispose]();
  });

  test('takes, seals, gives, lists and removes blobs of one part and of several', { timeout: 120_000 }, async () => {
    for (const content of [bytes(1000), bytes(5 * 1024 * 1024 + 10)]) {
      const pieces = await upload(store, content);
      const { locator } = await store.seal(pieces, digestOf(content), content.length, { verified: true });
      expect((await toArray(store.list())).map((found) => [found.locator, found.size])).toEqual([
        [locator, content.length],
      ]);
      const opened = await store.open(locator, content.length, { span: { start: 10, end: 99 } });
      expectBytes(await collect(opened.stream({ start: 10, end: 99 })), content.subarray(10, 100));
      await store.remove(locator);
      await expect(store.open(locator, content.length)).rejects.toThrow(BlobMissing);
    }
  });

  test('lets chunks become one blob, and an empty one be', { timeout: 60_000 }, async () => {
    const id = randomUUID();
    const content = bytes(3000);
    const first = await appendTo(store, id, [], source(content.subarray(0, 1000)));
    const pieces = await appendTo(store, id, first, source(content.subarray(1000)));
    const { locator } = await store.seal(pieces, digestOf(content), 3000);
    expectBytes(await contentOf(store, locator, 3000), content);
    const empty = await store.seal([], digestOf(''), 0);
    expectBytes(await contentOf(store, empty.locator, 0), new Uint8Array());
  });

  test('keeps the first id, and gives bytes to every client with a signed URL', { timeout: 60_000 }, async () => {
    const id = randomUUID();
    expect(await store.adopt(id)).toBe(id);
    expect(await store.adopt(randomUUID())).toBe(id);
    const [piece] = await upload(store, bytes(100));
    const url = await store.url(piece!.locator, { ttl: 60_000, contentType: 'application/octet-stream' });
    const response = await fetch(url!, { headers: { Range: 'bytes=5-9' } });
    expect(response.status).toBe(206);
    expectBytes(new Uint8Array(await response.arrayBuffer()), bytes(100).subarray(5, 10));
    expect((await fetch(`${url!.slice(0, -4)}0000`)).status).toBe(403);
  });
});
