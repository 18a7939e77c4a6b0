import { Readable } from 'node:stream';
import { digestOf } from '@mcr/core';
import { blobOf, locationOf, type OciResponse, seededBytes } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { expectBodyless, expectError } from '../_util/errors.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const uuid = /^\/v2\/up\/loads\/blobs\/uploads\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const name = 'up/loads';

async function begin(): Promise<string> {
  return locationOf(await server().admin.startUpload(name));
}

function expectProgress(response: OciResponse, status: number, range: string): void {
  expect(response.status, response.text()).toBe(status);
  expect(response.header('range')).toBe(range);
  expect(response.header('location')).toMatch(uuid);
  expect(response.header('docker-upload-uuid')).toBe(uuid.exec(locationOf(response))?.[1]);
  if (status !== 204)
    expect(response.header('content-length')).toBe(status === 202 ? '0' : String(response.body.length));
}

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#post-then-put
describe('POST', () => {
  test.each([`/v2/${name}/blobs/uploads/`, `/v2/${name}/blobs/uploads`])(
    '%s opens a session, whatever the Content-Type',
    async (path) => {
      const types = ['application/octet-stream', 'application/json', 'text/plain; charset=utf-8', 'nonsense'];
      for (const headers of [{}, ...types.map((type) => ({ 'content-type': type, 'content-length': '0' }))]) {
        const response = await server().admin.request('POST', path, { headers });
        expectProgress(response, 202, '0-0');
        expect(response.header('transfer-encoding')).toBeUndefined();
      }
    },
  );

  test('advertises no minimal chunk', async () => {
    expect((await server().admin.startUpload(name)).header('oci-chunk-min-length')).toBeUndefined();
  });

  test.each(['sha256', 'sha512'] as const)('takes digest-algorithm=%s and verifies by it', async (algorithm) => {
    const blob = blobOf(`hint ${algorithm}`, undefined, algorithm);
    const upload = await server().admin.startUpload(name, `digest-algorithm=${algorithm}`);
    const done = await server().admin.finishUpload(locationOf(upload), blob.digest, `hint ${algorithm}`);
    expect(done.status).toBe(201);
  });

  test.each(['md5', 'blake3', 'SHA256', ''])('rejects digest-algorithm=%s', async (algorithm) => {
    const response = await server().admin.startUpload(name, `digest-algorithm=${algorithm}`);
    expectError(response, 400, 'DIGEST_INVALID');
  });
});

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-a-blob-in-chunks
describe('PATCH in chunks', () => {
  test.each(['sha256', 'sha512'] as const)('each in its turn makes a %s blob', async (algorithm) => {
    const bytes = seededBytes('chunks', 3_000);
    const blob = blobOf(bytes, undefined, algorithm);
    let location = await begin();
    for (const at of [0, 1_000, 2_000]) {
      const patched = await server().admin.patchUpload(location, bytes.subarray(at, at + 1_000), at);
      expectProgress(patched, 202, `0-${at + 999}`);
      location = locationOf(patched);
      expectProgress(await server().admin.uploadStatus(location), 204, `0-${at + 999}`);
    }
    const done = await server().admin.finishUpload(location, blob.digest);
    expect(done.status, done.text()).toBe(201);
    expect(done.header('docker-content-digest')).toBe(blob.digest);
    expect(done.header('location')).toBe(`/v2/${name}/blobs/${blob.digest}`);
    expect(done.header('content-length')).toBe('0');
    const pulled = await server().admin.request('GET', locationOf(done));
    expect(pulled.body.equals(bytes)).toBe(true);
  });

  test.each([
    ['again', 0],
    ['with a gap', 20],
    ['with an overlap', 5],
  ])('%s is 416 with the true range, and the session lives on', async (_, start) => {
    const location = await begin();
    await server().admin.patchUpload(location, 'ten bytes.', 0);
    const rejected = await server().admin.patchUpload(location, 'ten bytes.', start);
    expectError(rejected, 416, 'BLOB_UPLOAD_INVALID');
    expectProgress(rejected, 416, '0-9');
    expectProgress(await server().admin.uploadStatus(location), 204, '0-9');
    expectProgress(await server().admin.patchUpload(location, 'and more', 10), 202, '0-17');
    expect((await server().admin.finishUpload(location, digestOf('ten bytes.and more'))).status).toBe(201);
  });

  test('whose Content-Range and Content-Length disagree is 400 SIZE_INVALID and takes nothing', async () => {
    const location = await begin();
    const rejected = await server().admin.patchUpload(location, 'ten bytes.', undefined, {
      headers: { 'content-range': '0-4' },
    });
    expectError(rejected, 400, 'SIZE_INVALID');
    expectProgress(await server().admin.uploadStatus(location), 204, '0-0');
    expect((await server().admin.finishUpload(location, digestOf('x'), 'x')).status).toBe(201);
  });

  test.each(['0-4', '0-20'])('of unknown length that is not as long as %s says is rolled back', async (range) => {
    const location = await begin();
    const rejected = await server().admin.patchUpload(location, Readable.from(['ten bytes.']), undefined, {
      headers: { 'content-range': range },
    });
    expectError(rejected, 400, 'SIZE_INVALID');
    expectProgress(await server().admin.uploadStatus(location), 204, '0-0');
    expectProgress(await server().admin.patchUpload(location, 'again', 0), 202, '0-4');
    expect((await server().admin.finishUpload(location, digestOf('again'))).status).toBe(201);
  });
});

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-a-blob-in-chunks
describe('PATCH as a stream', () => {
  test.each(['sha256', 'sha512'] as const)('without a length makes a %s blob', async (algorithm) => {
    const blob = blobOf(seededBytes('stream', 200_000), undefined, algorithm);
    const done = await server().admin.pushBlob(name, blob, 'stream');
    expect(done.status, done.text()).toBe(201);
    expect((await server().admin.getBlob(name, blob.digest)).body.length).toBe(200_000);
  });

  test('may follow another one, and appends to it', async () => {
    const location = await begin();
    expectProgress(await server().admin.patchUpload(location, 'one '), 202, '0-3');
    expectProgress(await server().admin.patchUpload(location, 'two'), 202, '0-6');
    expect((await server().admin.finishUpload(location, digestOf('one two'))).status).toBe(201);
  });
});

describe('PATCH takes every form that clients have', () => {
  const bytes = seededBytes('patch', 70_000);
  test.each([
    ['of Docker: chunked, without Content-Type', {}, () => Readable.from([bytes])],
    ['of skopeo and crane: with Content-Length alone', { 'content-type': 'application/octet-stream' }, () => bytes],
    ['of regclient: with Content-Range', { 'content-range': '0-69999' }, () => bytes],
    [
      'of podman: chunked, with Content-Type',
      { 'content-type': 'application/octet-stream' },
      () => Readable.from([bytes]),
    ],
  ])('%s', async (_, headers, body) => {
    const response = await server().admin.request('PATCH', await begin(), { headers, body: body() });
    expect(response.status, response.text()).toBe(202);
    expect(response.header('range')).toBe('0-69999');
    expect(response.header('content-length')).toBe('0');
    const done = await server().admin.finishUpload(locationOf(response), digestOf(bytes));
    expect(done.status, done.text()).toBe(201);
  });
});

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-a-blob-in-chunks
describe('GET of a session', () => {
  test('is 204 right after POST, with zero bytes as 0-0', async () => {
    expectProgress(await server().admin.uploadStatus(await begin()), 204, '0-0');
  });

  test('works with ?digest= still in the query', async () => {
    const location = await begin();
    expectProgress(await server().admin.uploadStatus(`${location}?digest=${digestOf('x')}`), 204, '0-0');
  });
});

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#post-then-put
describe('PUT', () => {
  test.each([
    ['the whole blob', undefined, 'whole blob'],
    ['the last chunk', 'whole ', 'blob'],
    ['no body', 'whole blob', undefined],
  ])('with %s publishes it', async (_, patch, last) => {
    const location = await begin();
    if (patch !== undefined) await server().admin.patchUpload(location, patch, 0);
    const done = await server().admin.finishUpload(location, digestOf('whole blob'), last);
    expect(done.status, done.text()).toBe(201);
    expectError(await server().admin.uploadStatus(location), 404, 'BLOB_UPLOAD_UNKNOWN');
  });

  test('with the last chunk and its Content-Range publishes it', async () => {
    const location = await begin();
    await server().admin.patchUpload(location, 'ranged ', 0);
    const headers = { 'content-range': '7-11' };
    const done = await server().admin.finishUpload(location, digestOf('ranged chunk'), 'chunk', { headers });
    expect(done.status, done.text()).toBe(201);
  });

  test('out of order is 416 and the session lives on', async () => {
    const location = await begin();
    await server().admin.patchUpload(location, 'in order ', 0);
    const headers = { 'content-range': '0-4' };
    const rejected = await server().admin.finishUpload(location, digestOf('in order chunk'), 'chunk', { headers });
    expectProgress(rejected, 416, '0-8');
    expectProgress(await server().admin.uploadStatus(location), 204, '0-8');
    expect((await server().admin.finishUpload(location, digestOf('in order chunk'), 'chunk')).status).toBe(201);
  });

  test.each(['sha256', 'sha512'] as const)(
    'with another %s digest is 400, and nothing is readable',
    async (algorithm) => {
      for (const patch of [undefined, 'patched ']) {
        const location = await begin();
        if (patch !== undefined) await server().admin.patchUpload(location, patch, 0);
        const digest = digestOf(`something else ${patch}`, algorithm);
        const rejected = await server().admin.finishUpload(location, digest, 'body');
        expectError(rejected, 400, 'DIGEST_INVALID');
        expectError(await server().admin.getBlob(name, digest), 404, 'BLOB_UNKNOWN');
        expectError(await server().admin.getBlob(name, digestOf(`${patch ?? ''}body`)), 404, 'BLOB_UNKNOWN');
      }
    },
  );

  test('without a digest, or with two, is 400 and the session lives on', async () => {
    const location = await begin();
    const admin = server().admin;
    expectError(await admin.request('PUT', location, { body: 'x' }), 400, 'DIGEST_INVALID');
    const twice = `${location}?digest=${digestOf('x')}&digest=${digestOf('y')}`;
    expectError(await admin.request('PUT', twice, { body: 'x' }), 400, 'DIGEST_INVALID');
    expect((await admin.finishUpload(location, digestOf('x'), 'x')).status).toBe(201);
  });

  test('with a query that a client has re-encoded and sorted', async () => {
    const digest = encodeURIComponent(digestOf('rewritten'));
    const response = await server().admin.request('PUT', `${await begin()}?a=b&digest=${digest}&z=%2F`, {
      body: 'rewritten',
    });
    expect(response.status, response.text()).toBe(201);
  });
});

describe('PUT takes every form that clients have, the digest raw or escaped', () => {
  const content = 'put';
  const digest = digestOf(content);
  test.each([
    ['of containerd: whole, with a Content-Type', digest, { 'content-type': 'application/octet-stream' }],
    ['of oras: whole, digest escaped', encodeURIComponent(digest), { 'content-type': 'application/octet-stream' }],
    ['of sigstore: whole, without Content-Type', digest, {}],
  ])('%s', async (_, spelling, headers) => {
    const response = await server().admin.request('PUT', `${await begin()}?digest=${spelling}`, {
      headers,
      body: content,
    });
    expect(response.status, response.text()).toBe(201);
    expect(response.header('docker-content-digest')).toBe(digest);
    expect(response.header('location')).toBe(`/v2/${name}/blobs/${digest}`);
  });

  test('of Docker: empty, after a PATCH', async () => {
    const location = await begin();
    await server().admin.request('PATCH', location, { body: Readable.from([content]) });
    const response = await server().admin.request('PUT', `${location}?digest=${digest}`, {
      headers: { 'content-length': '0' },
    });
    expect(response.status, response.text()).toBe(201);
    expect(response.header('docker-content-digest')).toBe(digest);
  });
});

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#cancel-a-blob-upload
describe('DELETE and unknown sessions', () => {
  test('DELETE is 204 for those who may push, and then there is no session', async () => {
    await server().addAccount('pusher', { type: 'system' });
    await server().addRule({ accountTypes: ['system'], actions: ['registry:pull', 'registry:push'] });
    const pusher = server().client('pusher');
    const location = locationOf(await pusher.startUpload(name));
    await pusher.patchUpload(location, 'data', 0);
    expectBodyless(await pusher.cancelUpload(location), 204);
    expectError(await pusher.cancelUpload(location), 404, 'BLOB_UPLOAD_UNKNOWN');
  });

  test.each(['00000000-0000-4000-8000-000000000000', 'not-a-uuid', 'UPPER', '%20', 'x'.repeat(300), '_state=abc'])(
    'every verb on %s is 404 BLOB_UPLOAD_UNKNOWN',
    async (id) => {
      const location = `/v2/${name}/blobs/uploads/${id}`;
      const { admin } = server();
      expectError(await admin.uploadStatus(location), 404, 'BLOB_UPLOAD_UNKNOWN');
      expectError(await admin.patchUpload(location, 'x', 0), 404, 'BLOB_UPLOAD_UNKNOWN');
      expectError(await admin.finishUpload(location, digestOf('x'), 'x'), 404, 'BLOB_UPLOAD_UNKNOWN');
      expectError(await admin.cancelUpload(location), 404, 'BLOB_UPLOAD_UNKNOWN');
    },
  );
});
