import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { blobOf } from '../blobs.ts';
import { buildImage } from '../images.ts';
import { createOciClient } from './client.ts';
import { pushImage } from './push-image.ts';

interface Seen {
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server that accepts every request as a registry does, and records it. */
async function registry() {
  const seen: Seen[] = [];
  const respond = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const line = `${request.method} ${request.url}`;
    seen.push({ line, headers: request.headers, body: (await buffer(request)).toString() });
    const status = { POST: line.includes('digest=') ? 201 : 202, PATCH: 202, PUT: 201 }[request.method ?? ''] ?? 200;
    response.writeHead(status, { location: session, 'x-two': ['1', '2'] });
    response.end(line.startsWith('GET /v2/token') ? JSON.stringify({ token: 't0ken', access_token: 't0ken' }) : '');
  };
  const server = createServer((request, response) => void respond(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return { seen, baseUrl: `http://127.0.0.1:${address.port}` };
}

const blob = blobOf('0123456789');
const query = `digest=${encodeURIComponent(blob.digest)}`;
const session = '/v2/a/blobs/uploads/session';

test.each([
  { mode: 'put', lines: ['POST /v2/a/blobs/uploads/', `PUT ${session}?${query}`] },
  { mode: 'post', lines: [`POST /v2/a/blobs/uploads/?digest=${blob.digest}`] },
  { mode: 'stream', lines: ['POST /v2/a/blobs/uploads/', `PATCH ${session}`, `PUT ${session}?${query}`] },
  {
    mode: { chunkSize: 4 },
    lines: [
      'POST /v2/a/blobs/uploads/',
      `PATCH ${session}`,
      `PATCH ${session}`,
      `PATCH ${session}`,
      `PUT ${session}?${query}`,
    ],
  },
] as const)('a blob goes up in the shape $mode', async ({ mode, lines }) => {
  const { seen, baseUrl } = await registry();
  await using client = createOciClient({ baseUrl });
  expect(await client.pushBlob('a', blob, mode)).toMatchObject({ status: 201 });
  expect(seen.map(({ line }) => line)).toEqual(lines);
  expect(seen.map(({ body }) => body).join('')).toBe('0123456789');
});

test('chunks say where they belong, a stream says nothing about its length', async () => {
  const { seen, baseUrl } = await registry();
  await using client = createOciClient({ baseUrl });
  await client.pushBlob('a', blob, { chunkSize: 4 });
  const patches = seen.filter(({ line }) => line.startsWith('PATCH'));
  expect(patches.map(({ headers }) => headers['content-range'])).toEqual(['0-3', '4-7', '8-9']);

  seen.length = 0;
  await client.pushBlob('a', blob, 'stream');
  expect(seen[1]?.headers).toMatchObject({ 'transfer-encoding': 'chunked' });
  expect(seen[1]?.headers['content-range']).toBeUndefined();
});

test('an account gets one token for all of its requests, and a request can leave it out', async () => {
  const { seen, baseUrl } = await registry();
  await using client = createOciClient({ baseUrl, username: 'me', password: 'secret' });
  await client.tags('a');
  await client.catalog('n=1');
  await client.request('GET', '/v2/', { authorization: null });
  expect(seen.map(({ line, headers }) => [line, headers.authorization])).toEqual([
    ['GET /v2/token?service=mcr', `Basic ${Buffer.from('me:secret').toString('base64')}`],
    ['GET /v2/a/tags/list', 'Bearer t0ken'],
    ['GET /v2/_catalog?n=1', 'Bearer t0ken'],
    ['GET /v2/', undefined],
  ]);
});

test('paths go out as they are and repeated headers are all there', async () => {
  const { seen, baseUrl } = await registry();
  await using client = createOciClient({ baseUrl });
  const response = await client.request('GET', '//v2/../%2e%2e/x');
  expect(seen[0]?.line).toBe('GET //v2/../%2e%2e/x');
  expect(response.header('X-Two')).toBe('1, 2');
});

test('an image is pushed blobs first', async () => {
  const { seen, baseUrl } = await registry();
  await using client = createOciClient({ baseUrl });
  const image = await buildImage({ layers: [{ size: 1 }, { size: 2 }] });
  expect(await pushImage(client, 'a', 'v1', image)).toMatchObject({ status: 201 });
  expect(seen.filter(({ line }) => line.startsWith('PUT'))).toHaveLength(4);
  expect(seen.at(-1)).toMatchObject({
    line: 'PUT /v2/a/manifests/v1',
    body: Buffer.from(image.manifest.bytes).toString(),
  });
});
