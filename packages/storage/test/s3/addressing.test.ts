import dns from 'node:dns';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '@mcr/core';
import { createTestCa, requireS3Server, type S3Server, startS3Server, tempDirectory } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { examineBucket } from '../../src/s3/examine-bucket.ts';
import { S3BlobStore, type S3BlobStoreOptions } from '../../src/s3/s3-blob-store.ts';
import { bytes, contentOf, upload } from '../../src/testing/content.ts';
import { expectBytes } from '../../src/testing/expect-bytes.ts';
import { optionsFor } from './_buckets.ts';

const isThere = requireS3Server('versitygw');
/** One part, and several. */
const sizes = [1_000, 6_000_000];

async function expectBlobs(options: S3BlobStoreOptions): Promise<void> {
  const store = await S3BlobStore.open(options);
  try {
    for (const size of sizes) {
      const content = bytes(size);
      const { locator } = await store.seal(await upload(store, content), digestOf(content), size);
      expectBytes(await contentOf(store, locator, size), content);
      await store.remove(locator);
    }
  } finally {
    await store.close();
  }
}

describe.skipIf(!isThere)('an S3 server that speaks TLS', () => {
  const resources = new AsyncDisposableStack();
  let server: S3Server;
  let ca: string;

  beforeAll(async () => {
    const { path } = resources.use(await tempDirectory());
    const authority = await createTestCa();
    const { certPem, keyPem } = await authority.issue();
    const tls = { certPath: join(path, 's3.crt'), keyPath: join(path, 's3.key') };
    await writeFile(tls.certPath, certPem);
    await writeFile(tls.keyPath, keyPem, { mode: 0o600 });
    ca = authority.caPem;
    server = resources.use(await startS3Server('versitygw', { tls }));
  }, 60_000);
  afterAll(() => resources.disposeAsync());

  test('keeps blobs when its authority is trusted', async () => {
    const options = optionsFor(server, { ca });
    expect(await examineBucket(options)).toEqual([]);
    await expectBlobs(options);
  });

  test('is not used when its authority is another one, and the key of the authority is named', async () => {
    const { caPem } = await createTestCa();
    expect(await examineBucket(optionsFor(server, { ca: caPem }))).toEqual([
      { key: 's3.endpoint', message: expect.stringMatching(/certificate.*check the address, s3\.ca_cert/) },
    ]);
  });
});

describe.skipIf(!isThere)('a bucket in the name of the host', () => {
  const domain = 's3.example.com';
  let server: S3Server;

  beforeAll(async () => {
    server = await startS3Server('versitygw', { virtualDomain: domain });
    const lookup = dns.lookup;
    // Names of the domain lead to this machine.
    const toLocalhost = (name: string, ...rest: unknown[]) =>
      Reflect.apply(lookup, dns, [name.endsWith(domain) ? 'localhost' : name, ...rest]);
    vi.spyOn(dns, 'lookup').mockImplementation(toLocalhost as typeof dns.lookup);
  }, 60_000);
  afterAll(async () => {
    vi.restoreAllMocks();
    await server[Symbol.asyncDispose]();
  });

  test('keeps blobs, and signs the name, also in URLs for clients', async () => {
    const endpoint = `http://${domain}:${new URL(server.endpoint).port}`;
    const options = optionsFor(server, { endpoint, pathStyle: false });
    expect(await examineBucket(options)).toEqual([]);
    await expectBlobs(options);
    const store = await S3BlobStore.open(options);
    const [piece] = await upload(store, bytes(1_000));
    const url = await store.url(piece!.locator, { ttl: 60_000, contentType: 'application/octet-stream' });
    expect(new URL(url!).hostname).toBe(`${server.bucket}.${domain}`);
    await store.close();
  });
});
