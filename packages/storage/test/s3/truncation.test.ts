import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { requireS3Server, type S3Server, startS3Server } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { headObject } from '../../src/s3/client/objects.ts';
import { S3Client } from '../../src/s3/client/s3-client.ts';
import { Signer, unsignedPayload } from '../../src/s3/client/signature.ts';
import { S3BlobStore } from '../../src/s3/s3-blob-store.ts';
import { bytes, contentOf, upload } from '../../src/testing/content.ts';
import { expectBytes } from '../../src/testing/expect-bytes.ts';
import { optionsFor } from './_buckets.ts';

describe.skipIf(!requireS3Server('versitygw'))('a PUT whose connection ends after a third of the body', () => {
  const body = bytes(3_000_000);
  let s3: S3Server;
  beforeAll(async () => {
    s3 = await startS3Server('versitygw');
  }, 60_000);
  afterAll(() => s3[Symbol.asyncDispose]());

  test.each([
    [
      'is stored by the server when its payload is not signed: a control that this test notices it',
      unsignedPayload,
      1_000_000,
    ],
    ['is rejected when its payload is signed', createHash('sha256').update(body).digest('hex'), undefined],
  ])('%s', async (_what, payload, stored) => {
    const client = new S3Client(optionsFor(s3));
    const key = randomUUID();
    const response = await truncated(key, payload);
    expect(response.startsWith(stored === undefined ? 'HTTP/1.1 400' : 'HTTP/1.1 200')).toBe(true);
    expect((await headObject(client, key))?.size).toBe(stored);
    client.close();
  });

  test('and CRC-32 protects bodies whose payload is not signed', async () => {
    const store = await S3BlobStore.open(optionsFor(s3, { checksum: 'crc32' }));
    for (const size of [1000, 6_000_000]) {
      const [piece] = await upload(store, bytes(size));
      expectBytes(await contentOf(store, piece!.locator, size), bytes(size));
    }
    await store.close();
  });

  /** Sends what a client sends that dies, and resolves with the server's response. */
  async function truncated(key: string, payload: string): Promise<string> {
    const { host, port } = new URL(s3.endpoint);
    const parts = { method: 'PUT', host, path: `/${s3.bucket}/${key}`, headers: { 'content-length': body.length } };
    const { target, headers } = new Signer(s3.region).sign(parts, payload, s3);
    const socket = connect(Number(port), '127.0.0.1');
    let response = '';
    socket.on('data', (data) => {
      response += data.toString('latin1');
    });
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`PUT ${target} HTTP/1.1\r\n${lines.join('')}\r\n`);
    socket.end(body.subarray(0, 1_000_000));
    await once(socket, 'close');
    return response;
  }
});
