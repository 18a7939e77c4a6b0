import { Readable } from 'node:stream';
import { digestOf, mediaTypes } from '@mcr/core';
import { blobOf, locationOf, seededBytes } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { expectBodyless } from '../_util/errors.ts';
import { pushBlobs } from '../_util/manifests.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const name = 'team/app';

function emptyIndex() {
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [] }));
  return { manifest: { bytes, mediaType: mediaTypes.ociIndex, digest: digestOf(bytes) } };
}

async function begin(): Promise<string> {
  return locationOf(await server().admin.startUpload(name));
}

describe('rule 14: POST is 202 with Location, Range, Docker-Upload-UUID and Content-Length: 0', () => {
  test.each([undefined, 'application/octet-stream', 'application/json', 'text/plain; charset=utf-8', 'nonsense'])(
    'with a Content-Type of %s',
    async (type) => {
      const answer = await server().admin.request('POST', `/v2/${name}/blobs/uploads/`, {
        headers: { 'content-length': '0', ...(type !== undefined && { 'content-type': type }) },
      });
      expect(answer.status).toBe(202);
      expect(answer.headers).toMatchObject({
        location: expect.stringMatching(/^\/v2\//),
        range: '0-0',
        'docker-upload-uuid': expect.stringMatching(/^[0-9a-f-]{36}$/),
        'content-length': '0',
      });
      expect(answer.header('transfer-encoding')).toBeUndefined();
    },
  );
});

describe('rule 15: Location is one path from the root, on POST, PATCH, PUT and mount, and survives being rewritten', () => {
  const path = /^\/v2\/[A-Za-z0-9._/:-]+$/;

  test('everywhere', async () => {
    const posted = await server().admin.startUpload(name);
    const patched = await server().admin.patchUpload(locationOf(posted), 'located');
    const status = await server().admin.uploadStatus(locationOf(patched));
    const put = await server().admin.finishUpload(locationOf(status), digestOf('located'));
    const mounted = await server().admin.mountBlob('team/other', digestOf('located'), name);
    const refused = await server().admin.mountBlob('team/other', digestOf('never pushed'), name);
    for (const answer of [posted, patched, status, put, mounted, refused]) {
      expect(locationOf(answer)).toMatch(path);
    }
  });

  test('with a query that a client has re-encoded and sorted', async () => {
    const digest = encodeURIComponent(digestOf('rewritten'));
    const answer = await server().admin.request('PUT', `${await begin()}?a=b&digest=${digest}&z=%2F`, {
      body: 'rewritten',
    });
    expect(answer.status, answer.text()).toBe(201);
  });
});

describe('rule 15, when public_url is set: every Location is an absolute URL below it, as Charliecloud needs', () => {
  const publicUrl = 'https://registry.example.net:8443';
  const open = useServer({ env: { MCR_SERVER_PUBLIC_URL: publicUrl } });

  test('of uploads, blobs and manifests, whatever the Host header says', async () => {
    const { admin } = open();
    const posted = await admin.startUpload(name);
    const patched = await admin.patchUpload(locationOf(posted), 'located');
    const disordered = await admin.patchUpload(locationOf(patched), 'x', 3);
    expect(disordered.status).toBe(416);
    expect(disordered.header('range')).toBe('0-6');
    const status = await admin.uploadStatus(locationOf(disordered));
    const early = await admin.request('PUT', `${new URL(locationOf(status)).pathname}?digest=${digestOf('located')}`, {
      headers: { 'content-range': '9-9' },
      body: 'x',
    });
    expect(early.status).toBe(416);
    const put = await admin.finishUpload(locationOf(early), digestOf('located'));
    const whole = await admin.pushBlob(name, blobOf('whole'), 'post');
    const mounted = await admin.mountBlob('team/other', digestOf('located'), name);
    const unmounted = await admin.mountBlob('team/other', digestOf('never pushed'), name);
    const { manifest } = emptyIndex();
    const tagged = await admin.pushManifest(name, 'v1', manifest);

    const uploads = [posted, patched, disordered, status, early, unmounted];
    const blobs = [put, whole, mounted];
    for (const response of uploads) {
      expect(locationOf(response)).toMatch(
        /^https:\/\/registry\.example\.net:8443\/v2\/team\/\w+\/blobs\/uploads\/[0-9a-f-]{36}$/,
      );
    }
    for (const response of [...blobs, tagged]) {
      const { origin, pathname } = new URL(locationOf(response));
      expect(origin).toBe(publicUrl);
      expect((await admin.request('GET', pathname)).status).toBe(200);
    }
    expect(locationOf(tagged)).toBe(`${publicUrl}/v2/${name}/manifests/${manifest.digest}`);
  });

  test('while the link to the next page stays relative, as clients check that it has the same origin', async () => {
    await open().admin.pushManifest('linked/a', 'v1', emptyIndex().manifest);
    await open().admin.pushManifest('linked/b', 'v1', emptyIndex().manifest);
    expect((await open().admin.request('GET', '/v2/_catalog?n=1')).header('link')).toMatch(/^<\/v2\/_catalog\?/);
  });
});

describe('rule 16: PATCH takes every form that clients have and answers 202 with Location and Range', () => {
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
    const answer = await server().admin.request('PATCH', await begin(), { headers, body: body() });
    expect(answer.status, answer.text()).toBe(202);
    expect(answer.header('range')).toBe('0-69999');
    expect(answer.header('content-length')).toBe('0');
    const done = await server().admin.finishUpload(locationOf(answer), digestOf(bytes));
    expect(done.status, done.text()).toBe(201);
  });
});

describe('rule 17: PUT takes the whole blob or no body, and answers 201 with Docker-Content-Digest and Location', () => {
  const content = 'put';
  const digest = digestOf(content);
  test.each([
    ['of containerd: whole, with a Content-Type', digest, { 'content-type': 'application/octet-stream' }],
    ['of oras: whole, digest escaped', encodeURIComponent(digest), { 'content-type': 'application/octet-stream' }],
    ['of sigstore: whole, without Content-Type', digest, {}],
  ])('%s', async (_, spelling, headers) => {
    const answer = await server().admin.request('PUT', `${await begin()}?digest=${spelling}`, {
      headers,
      body: content,
    });
    expect(answer.status, answer.text()).toBe(201);
    expect(answer.header('docker-content-digest')).toBe(digest);
    expect(answer.header('location')).toBe(`/v2/${name}/blobs/${digest}`);
  });

  test('of Docker: empty, after a PATCH', async () => {
    const location = await begin();
    await server().admin.request('PATCH', location, { body: Readable.from([content]) });
    const answer = await server().admin.request('PUT', `${location}?digest=${digest}`, {
      headers: { 'content-length': '0' },
    });
    expect(answer.status, answer.text()).toBe(201);
    expect(answer.header('docker-content-digest')).toBe(digest);
  });
});

describe('rule 18: a blob is there for HEAD and GET as soon as its 201 is, before any manifest', () => {
  test('after PUT, after a single POST and after a mount', async () => {
    const blob = blobOf('there at once');
    for (const mode of ['put', 'post', 'stream'] as const) {
      await pushBlobs(server().admin, `at-once/${mode}`, blob);
      expect((await server().admin.pushBlob(`at-once/${mode}`, blob, mode)).status).toBe(201);
      expectBodyless(await server().admin.headBlob(`at-once/${mode}`, blob.digest), 200);
      expect((await server().admin.getBlob(`at-once/${mode}`, blob.digest)).text()).toBe('there at once');
    }
    expect((await server().admin.mountBlob('at-once/mounted', blob.digest, 'at-once/put')).status).toBe(201);
    expectBodyless(await server().admin.headBlob('at-once/mounted', blob.digest), 200);
  });

  test('and a collection at that moment leaves it alone', async () => {
    const blob = blobOf('young');
    await pushBlobs(server().admin, 'at-once/young', blob);
    const { store, clock } = server().context.services;
    await store.gc.review({ now: clock.now() + 60_000, limit: 25 });
    expect((await server().admin.getBlob('at-once/young', blob.digest)).text()).toBe('young');
  });
});

test('rule 19: HEAD of a blob is 200 with Content-Length, or 404, and nothing else', async () => {
  await pushBlobs(server().admin, name, blobOf('head'));
  const head = await server().admin.headBlob(name, digestOf('head'));
  expectBodyless(head, 200);
  expect(head.header('content-length')).toBe('4');
  expectBodyless(await server().admin.headBlob(name, digestOf('nothing')), 404);
  expectBodyless(await server().admin.headBlob('no/such/repository', digestOf('nothing')), 404);
  const cached = { headers: { 'if-none-match': `"${digestOf('head')}"`, range: 'bytes=9-' } };
  expectBodyless(await server().admin.headBlob(name, digestOf('head'), cached), 200);
});

describe('rule 20: a mount is 201, or 202 with a session that works, whatever stands in its way', () => {
  test.each([
    ['a blob that is unknown', () => `mount=${digestOf('unknown')}&from=team%2Fapp`],
    ['a source that is unknown', () => `mount=${digestOf('head')}&from=no%2Fsuch`],
    ['a source that is no name', () => `mount=${digestOf('head')}&from=..%2F..`],
    ['no source at all', () => `mount=${digestOf('head')}`],
  ])('%s', async (what, query) => {
    const answer = await server().admin.startUpload('mounts/target', query());
    expect(answer.status, answer.text()).toBe(202);
    expect((await server().admin.finishUpload(locationOf(answer), digestOf(what), what)).status).toBe(201);
  });

  test('a source that the account may not pull from', async () => {
    await server().addRule({ effect: 'deny', repositories: ['secret/*'], actions: ['registry:pull'] });
    await pushBlobs(server().admin, 'secret/source', blobOf('secret'));
    const answer = await server().admin.mountBlob('mounts/target', digestOf('secret'), 'secret/source');
    expect(answer.status, answer.text()).toBe(202);
  });

  test('raw digests, as containerd sends them', async () => {
    await pushBlobs(server().admin, name, blobOf('raw'));
    const answer = await server().admin.startUpload('mounts/raw', `mount=${digestOf('raw')}&from=${name}`);
    expect(answer.status, answer.text()).toBe(201);
  });
});

describe('rule 21: an upload can be cancelled with the right to push, and unknown parameters are fine everywhere', () => {
  test('DELETE is 204, and 404 the second time', async () => {
    await server().addAccount('pusher', { type: 'system' });
    await server().addRule({ accountTypes: ['system'], actions: ['registry:pull', 'registry:push'] });
    const pusher = server().client('pusher');
    const location = locationOf(await pusher.startUpload(name));
    expectBodyless(await pusher.cancelUpload(location), 204);
    expect((await pusher.cancelUpload(location)).status).toBe(404);
  });

  test('with ns, origin and others', async () => {
    const query = 'ns=docker.io&origin=https%3A%2F%2Fx&n=5';
    const location = locationOf(await server().admin.startUpload(name, query));
    expect((await server().admin.patchUpload(`${location}?${query}`, 'par', 0)).status).toBe(202);
    expect((await server().admin.uploadStatus(`${location}?${query}`)).status).toBe(204);
    expect((await server().admin.finishUpload(`${location}?${query}`, digestOf('params'), 'ams')).status).toBe(201);
    expect((await server().admin.request('HEAD', `/v2/${name}/blobs/${digestOf('params')}?${query}`)).status).toBe(200);
    expect((await server().admin.cancelUpload(`${await begin()}?${query}`)).status).toBe(204);
  });
});

test('for Go clients: idle connections are kept for longer than the 90 s for which they use them again', async () => {
  const answer = await server().admin.request('GET', '/v2/');
  expect(answer.header('connection')).toBe('keep-alive');
  expect(Number(/timeout=(\d+)/.exec(answer.header('keep-alive') ?? '')?.[1])).toBeGreaterThan(90);
});
