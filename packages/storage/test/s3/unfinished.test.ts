import { requireS3Server, type S3Server, startS3Server } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMultipart, listMultiparts, putPart } from '../../src/s3/client/multipart.ts';
import { S3Client } from '../../src/s3/client/s3-client.ts';
import { S3BlobStore } from '../../src/s3/s3-blob-store.ts';
import { bytes, toArray } from '../../src/testing/content.ts';
import { optionsFor } from './_buckets.ts';

describe.skipIf(!requireS3Server('versitygw'))('multipart uploads that were never completed', () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3Server('versitygw');
  }, 60_000);
  afterAll(() => server[Symbol.asyncDispose]());

  test('are aborted when they are old, below the prefix of the store and nowhere else', async () => {
    const options = optionsFor(server);
    const [store, client] = [await S3BlobStore.open(options), new S3Client(options)];
    const elsewhere = optionsFor(server).prefix;
    for (const prefix of [options.prefix, options.prefix, elsewhere]) {
      const upload = await createMultipart(client, `${prefix}b/00/${prefix.slice(0, -1)}`);
      await putPart(client, upload, 1, bytes(5 * 2 ** 20));
    }
    expect(await store.abortUnfinished(Date.now() - 86_400_000)).toBe(0);
    expect(await toArray(listMultiparts(client, options.prefix))).toHaveLength(2);
    expect(await store.abortUnfinished(Date.now() + 86_400_000)).toBe(2);
    expect(await toArray(listMultiparts(client, options.prefix))).toEqual([]);
    expect(await toArray(listMultiparts(client, elsewhere))).toHaveLength(1);
    await store.close();
    client.close();
  });
});
