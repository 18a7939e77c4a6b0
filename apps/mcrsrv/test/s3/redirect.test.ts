import { blobOf, requireS3Server, type S3Server, seededBytes, startS3Server } from '@mcr/testkit';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { startTestServer, type TestServer } from '../_util/server.ts';
import { s3Env } from './_s3.ts';

const [large, small] = [seededBytes('large', 200_000), seededBytes('small', 99_999)];

describe.skipIf(!requireS3Server('versitygw'))('redirects', () => {
  let s3: S3Server;
  let server: TestServer;

  beforeAll(async () => {
    s3 = await startS3Server('versitygw');
    const env = { ...s3Env(s3), MCR_S3_REDIRECT: 'true', MCR_S3_REDIRECT_MIN: '100kB', MCR_GC_TRASH_RETENTION: '1h' };
    server = await startTestServer({ env });
    for (const bytes of [large, small]) await server.admin.pushBlob('team/app', blobOf(bytes));
  }, 60_000);
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await s3[Symbol.asyncDispose]();
    vi.unstubAllEnvs();
  });

  const path = (bytes: Uint8Array) => `/v2/team/app/blobs/${blobOf(bytes).digest}`;

  test('a large blob is redirected to a URL that gives its bytes, and ranges of them, to any client for a while', async () => {
    const response = await server.admin.request('GET', path(large));
    expect(response.status).toBe(307);
    expect(response.headers).toMatchObject({ 'cache-control': 'no-store', 'content-length': '0' });
    const url = response.headers.location as string;
    expect(url.startsWith(`${s3.endpoint}/`)).toBe(true);
    expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe('600');
    const found = await fetch(url);
    expect(found.headers.get('content-type')).toBe('application/octet-stream');
    expect(Buffer.from(await found.arrayBuffer()).equals(large)).toBe(true);
    const range = await fetch(url, { headers: { range: 'bytes=5-9' } });
    expect([range.status, Buffer.from(await range.arrayBuffer())]).toEqual([206, large.subarray(5, 10)]);
    expect((await fetch(url.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')))).status).toBe(403);
  });

  test('HEAD, small blobs, manifests and blobs that the client has are not redirected', async () => {
    expect((await server.admin.request('HEAD', path(large))).status).toBe(200);
    const found = await server.admin.request('GET', path(small));
    expect([found.status, found.body.equals(small)]).toEqual([200, true]);
    const etag = `"${blobOf(large).digest}"`;
    expect((await server.admin.request('GET', path(large), { headers: { 'if-none-match': etag } })).status).toBe(304);
  });

  test('only callers who may pull get a URL', async () => {
    await server.addAccount('outsider');
    await server.addRule({ effect: 'deny', actions: ['registry:pull'], accountTypes: ['human'] });
    expect((await server.client('outsider').request('GET', path(large))).status).toBe(403);
    expect((await server.admin.request('GET', path(large), { authorization: null })).status).toBe(401);
  });
});
