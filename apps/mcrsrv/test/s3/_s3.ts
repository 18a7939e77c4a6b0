import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { S3Server } from '@mcr/testkit';
import { vi } from 'vitest';

/** Overrides of the configuration by which a registry keeps its blobs in the server's bucket, below a prefix of its own. */
export function s3Env(
  { endpoint, bucket, region, accessKey, secretKey }: S3Server,
  prefix: string = randomUUID(),
): Record<string, string> {
  vi.stubEnv('AWS_ACCESS_KEY_ID', accessKey);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', secretKey);
  return {
    MCR_STORAGE_DRIVER: 's3',
    MCR_S3_ENDPOINT: endpoint,
    MCR_S3_BUCKET: bucket,
    MCR_S3_REGION: region,
    MCR_S3_PREFIX: prefix,
    MCR_S3_PART_SIZE: '5MiB',
    MCR_S3_BUFFERS: '40MiB',
    MCR_GC_TRASH_RETENTION: '0',
  };
}

/** The keys of all objects in the bucket below a prefix, without it, that are blobs or pieces. */
export async function objectsBelow({ directory }: S3Server, prefix: string): Promise<string[]> {
  const blobs = join(directory, prefix, 'b');
  const entries = await readdir(blobs, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
}
