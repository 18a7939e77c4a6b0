import { requireS3Server, type S3Server, startS3Server } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { listMultiparts } from '../../src/s3/client/multipart.ts';
import { listObjects } from '../../src/s3/client/objects.ts';
import { S3Client } from '../../src/s3/client/s3-client.ts';
import { S3BlobStore } from '../../src/s3/s3-blob-store.ts';
import { toArray } from '../../src/testing/content.ts';
import { describeBlobStore } from '../../src/testing/index.ts';
import { optionsFor } from './_buckets.ts';

describe.skipIf(!requireS3Server('versitygw'))('versitygw', () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3Server('versitygw');
  }, 60_000);
  afterAll(() => server[Symbol.asyncDispose]());

  const make = async () => {
    const options = optionsFor(server);
    const store = await S3BlobStore.open(options);
    return {
      store,
      dispose: async () => {
        await store.close();
        const client = new S3Client(options);
        const objects = (await toArray(listObjects(client, options.prefix))).map(({ key }) => key);
        const uploads = await toArray(listMultiparts(client, options.prefix));
        client.close();
        expect(objects.filter((key) => !key.endsWith('/store-id'))).toEqual([]);
        expect(uploads).toEqual([]);
      },
    };
  };
  describeBlobStore('S3BlobStore', make, { extends: false, apart: false });
});
