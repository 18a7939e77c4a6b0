import { randomUUID } from 'node:crypto';
import type { S3Server } from '@mcr/testkit';
import type { S3BlobStoreOptions } from '../../src/s3/s3-blob-store.ts';

const MiB = 1024 * 1024;

/** Options of a store of its own in the server's bucket, with parts that are small enough to need several. */
export function optionsFor(
  { endpoint, region, bucket, accessKey, secretKey }: Omit<S3Server, 'directory' | typeof Symbol.asyncDispose>,
  options: Partial<S3BlobStoreOptions> = {},
): S3BlobStoreOptions {
  return {
    endpoint,
    region,
    bucket,
    pathStyle: true,
    credentials: async () => ({ accessKey, secretKey }),
    checksum: 'sha256',
    prefix: `${randomUUID()}/`,
    partSize: 5 * MiB,
    buffers: 100 * MiB,
    ...options,
  };
}
