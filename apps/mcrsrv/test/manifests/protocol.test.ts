import { Readable } from 'node:stream';
import { digestOf, maxManifestSize, mediaTypes } from '@mcr/core';
import { blobOf, descriptorOf, locationOf } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectBodyless, expectError } from '../_util/errors.ts';
import { imageOf, indexOf, manifestOf, pushBlobs } from '../_util/manifests.ts';
import { leavingNothing } from '../_util/traces.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const config = blobOf('{"config":true}', 'application/vnd.oci.image.config.v1+json');
const layer = blobOf('a layer', 'application/vnd.oci.image.layer.v1.tar');
const name = 'manifests/app';

beforeAll(() => pushBlobs(server().admin, name, config, layer));

/** A manifest of its own for each test; unknown fields must be kept. */
function fresh(what: string, algorithm: 'sha256' | 'sha512' = 'sha256') {
  return imageOf(config, [descriptorOf(layer)], { [`org.example.${what}`]: { kept: [1, null] } }, algorithm);
}

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
describe('GET and HEAD', () => {
  const manifest = fresh('get');

  beforeAll(async () => {
    expect((await server().admin.pushManifest(name, 'v1', manifest)).status).toBe(201);
  });

  test.each([
    ['a tag', 'v1'],
    ['a digest', manifest.digest],
  ])('by %s respond with the very bytes', async (_, reference) => {
    const response = await server().admin.getManifest(name, reference);
    expect(response.status).toBe(200);
    expect(response.body.equals(manifest.bytes)).toBe(true);
    const expected = {
      'content-type': manifest.mediaType,
      'content-length': String(manifest.size),
      'docker-content-digest': manifest.digest,
    };
    expect(response.headers).toMatchObject(expected);
    const head = await server().admin.headManifest(name, reference);
    expectBodyless(head, 200);
    expect(head.headers).toMatchObject(expected);
  });

  test.each([
    undefined,
    '*/*',
    'text/html',
    '',
    mediaTypes.dockerManifest,
    mediaTypes.ociIndex,
    'application/vnd.docker.distribution.manifest.v1+prettyjws',
    `${mediaTypes.dockerManifest}, ${mediaTypes.dockerManifestList}`,
  ])('respond with the stored manifest to Accept: %s', async (accept) => {
    const headers = accept === undefined ? {} : { accept };
    for (const method of ['GET', 'HEAD']) {
      const response = await server().admin.request(method, `/v2/${name}/manifests/v1`, { headers });
      expect(response.status).toBe(200);
      expect(response.headers).toMatchObject({
        'content-type': 'application/vnd.oci.image.manifest.v1+json',
        'docker-content-digest': digestOf(manifest.bytes),
        'content-length': String(manifest.size),
      });
      expect(response.body.length).toBe(method === 'GET' ? manifest.size : 0);
    }
  });

  test('of a manifest or a repository that is not there are 404', async () => {
    const digest = digestOf('no manifest');
    for (const reference of ['nope', digest]) {
      expectError(await server().admin.getManifest(name, reference), 404, 'MANIFEST_UNKNOWN');
      expectBodyless(await server().admin.headManifest(name, reference), 404);
      expectError(await server().admin.getManifest('no/such/repository', reference), 404, 'NAME_UNKNOWN');
    }
  });
});

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-manifests
describe.each(['sha256', 'sha512'] as const)('PUT by %s digest', (algorithm) => {
  test('is 201 with where to pull it, and with the digest as pushed', async () => {
    const manifest = fresh('by-digest', algorithm);
    const response = await server().admin.pushManifest(name, manifest.digest, manifest);
    expect(response.status, response.text()).toBe(201);
    expect(response.header('docker-content-digest')).toBe(manifest.digest);
    expect(response.header('content-length')).toBe('0');
    expect(response.header('oci-subject')).toBeUndefined();
    const pulled = await server().admin.request('GET', locationOf(response));
    expect(pulled.body.equals(manifest.bytes)).toBe(true);
    expect(pulled.header('content-type')).toBe(manifest.mediaType);
  });

  test('whose body has another digest is 400 and leaves nothing', async () => {
    await leavingNothing(server(), async () => {
      const response = await server().admin.pushManifest(name, digestOf('another', algorithm), fresh('other'));
      expectError(response, 400, 'DIGEST_INVALID');
    });
  });

  test('with ?tag= sets the tags, each once, and says which', async () => {
    const manifest = fresh('tagged', algorithm);
    const query = ['one', 'two', 'one'].map((tag) => `tag=${algorithm}-${tag}`).join('&');
    const response = await server().admin.pushManifest(name, `${manifest.digest}?${query}`, manifest);
    expect(response.status, response.text()).toBe(201);
    expect(response.header('oci-tag')).toBe(`${algorithm}-one, ${algorithm}-two`);
    for (const tag of [`${algorithm}-one`, `${algorithm}-two`]) {
      const head = await server().admin.headManifest(name, tag);
      expect(head.header('docker-content-digest')).toBe(manifest.digest);
      expect((await server().admin.getManifest(name, tag)).body.equals(manifest.bytes)).toBe(true);
    }
  });
});

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-manifests
describe('?tag=', () => {
  const manifest = fresh('many tags');
  const tags = (count: number): string => Array.from({ length: count }, (_, at) => `tag=t${at}`).join('&');
  const push = (query: string) => server().admin.pushManifest(name, `${manifest.digest}?${query}`, manifest);

  test('may stand 64 times', async () => {
    const response = await push(tags(64));
    expect(response.status, response.text()).toBe(201);
    expect(response.header('oci-tag')?.split(', ')).toHaveLength(64);
  });

  test('more often is 414, and no tag is set', async () => {
    await leavingNothing(server(), async () => expectError(await push(tags(65)), 414, 'UNSUPPORTED'));
  });

  test('of a malformed tag is 400, and no tag is set', async () => {
    await leavingNothing(server(), async () => {
      expectError(await push('tag=fine-one&tag=.bad'), 400, 'MANIFEST_INVALID');
    });
  });

  test('on a push by tag is 400', async () => {
    const response = await server().admin.pushManifest(name, 'by-tag?tag=other', manifest);
    expectError(response, 400, 'UNSUPPORTED');
    expectError(await server().admin.getManifest(name, 'by-tag'), 404, 'MANIFEST_UNKNOWN');
  });
});

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-manifests
describe('PUT by tag', () => {
  test.each(['a', '_', 'A.b_c-D', '1', 'x'.repeat(128), 'sha256-abc.sig'])('accepts the tag %s', async (tag) => {
    expect((await server().admin.pushManifest(name, tag, fresh('tags'))).status).toBe(201);
    expect((await server().admin.headManifest(name, tag)).status).toBe(200);
  });

  test('moves the tag, and the manifest it leaves stays', async () => {
    const [first, second] = [fresh('first'), fresh('second')];
    for (const manifest of [first, second, second]) {
      expect((await server().admin.pushManifest(name, 'moving', manifest)).status).toBe(201);
    }
    const head = await server().admin.headManifest(name, 'moving');
    expect(head.header('docker-content-digest')).toBe(second.digest);
    expect((await server().admin.headManifest(name, first.digest)).status).toBe(200);
  });

  test('takes a body without Content-Length', async () => {
    const manifest = fresh('chunked');
    const response = await server().admin.request('PUT', `/v2/${name}/manifests/chunked`, {
      headers: { 'content-type': manifest.mediaType },
      body: Readable.from([manifest.bytes.subarray(0, 7), manifest.bytes.subarray(7)]),
    });
    expect(response.status, response.text()).toBe(201);
  });

  test('strips the parameters of Content-Type', async () => {
    const manifest = fresh('parameters');
    const headers = { 'content-type': `${manifest.mediaType}; charset=utf-8` };
    await server().admin.pushManifest(name, 'parameters', manifest, { headers });
    expect((await server().admin.headManifest(name, 'parameters')).header('content-type')).toBe(manifest.mediaType);
  });

  test.each([
    ['the mediaType of the body', { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [] }, 'ociIndex'],
    ['manifests', { schemaVersion: 2, manifests: [] }, 'ociIndex'],
    ['config and layers', { schemaVersion: 2, config: descriptorOf(config), layers: [] }, 'ociManifest'],
  ] as const)('without Content-Type goes by %s', async (_, content, type) => {
    const { bytes } = manifestOf(content);
    const response = await server().admin.request('PUT', `/v2/${name}/manifests/untyped`, { body: bytes });
    expect(response.status, response.text()).toBe(201);
    expect((await server().admin.headManifest(name, 'untyped')).header('content-type')).toBe(mediaTypes[type]);
  });
});

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-manifests
describe('size', () => {
  const sized = (size: number) => {
    const padding = size - imageOf(config, [], { padding: '' }).size;
    return imageOf(config, [], { padding: 'x'.repeat(padding) });
  };
  const chunked = (bytes: Uint8Array) => Readable.from(chunksOf(bytes));

  test.each([3_910_601, maxManifestSize])('%d bytes are accepted and come back', async (size) => {
    const manifest = sized(size);
    expect(manifest.size).toBe(size);
    expect((await server().admin.pushManifest(name, `size-${size}`, manifest)).status).toBe(201);
    expect((await server().admin.getManifest(name, `size-${size}`)).body.equals(manifest.bytes)).toBe(true);
  });

  test.each([maxManifestSize + 1, 2 * maxManifestSize])('%d bytes are 413 and leave nothing', async (size) => {
    const { bytes, mediaType } = sized(size);
    await leavingNothing(server(), async () => {
      expectError(await server().admin.pushManifest(name, 'big', { bytes, mediaType }), 413, 'SIZE_INVALID');
      const response = await server().admin.request('PUT', `/v2/${name}/manifests/big`, {
        headers: { 'content-type': mediaType },
        body: chunked(bytes),
      });
      expectError(response, 413, 'SIZE_INVALID');
    });
  });
});

function* chunksOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-manifests-with-subject
describe('what a manifest refers to', () => {
  test('must be in this repository: 400 with one MANIFEST_BLOB_UNKNOWN for each that is not', async () => {
    const missing = [blobOf('missing 1'), blobOf('missing 2', undefined, 'sha512')];
    await pushBlobs(server().admin, 'manifests/elsewhere', ...missing);
    await leavingNothing(server(), async () => {
      const response = await server().admin.pushManifest(name, 'v2', imageOf(config, missing.map(descriptorOf)));
      expectError(response, 400, 'MANIFEST_BLOB_UNKNOWN');
      const details = response.json().errors.map(({ detail }: { detail: { digest: string } }) => detail.digest);
      expect(details.toSorted()).toEqual(missing.map(({ digest }) => digest).toSorted());
    });
  });

  test('does not create a repository by being rejected', async () => {
    const response = await server().admin.pushManifest('manifests/new', 'v1', fresh('rejected'));
    expectError(response, 400, 'MANIFEST_BLOB_UNKNOWN');
    expectError(await server().admin.tags('manifests/new'), 404, 'NAME_UNKNOWN');
  });

  test.each([
    ['an image', imageOf(config, [], { subject: descriptorOf({ ...layer, digest: digestOf('no such subject') }) })],
    ['an index', indexOf([], { subject: descriptorOf({ ...layer, digest: digestOf('no such subject') }) })],
  ])('as a subject need not exist, and OCI-Subject names it: %s', async (_, manifest) => {
    for (const reference of [manifest.digest, 'with-subject']) {
      const response = await server().admin.pushManifest(name, reference, manifest);
      expect(response.status, response.text()).toBe(201);
      expect(response.header('oci-subject')).toBe(digestOf('no such subject'));
    }
  });
});
