import { digestOf, mediaTypes } from '@mcr/core';
import { blobOf, buildArtifact, descriptorOf, locationOf, pushImage } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectBodyless, expectError } from '../_util/errors.ts';
import { imageOf, indexOf, pushBlobs } from '../_util/manifests.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const name = 'team/app';
const config = blobOf('{"any":1}', 'application/vnd.cncf.helm.config.v1+json');
const layer = blobOf('chart '.repeat(500), 'application/vnd.cncf.helm.chart.content.v1.tar+gzip');
const image = imageOf(config, [descriptorOf(layer)]);

beforeAll(async () => {
  await pushBlobs(server().admin, name, config, layer);
  await server().admin.pushManifest(name, 'v1', image);
});

describe('rule 22: a manifest of any config and layers is kept byte by byte: 201 with digest, Location and OCI-Subject', () => {
  const subject = descriptorOf(image);
  test.each([
    ['a Helm chart', image, undefined],
    ['a signature', imageOf(config, [], { artifactType: 'application/vnd.cncf.notary.signature', subject }), subject],
    [
      'an attestation of BuildKit',
      indexOf([descriptorOf(image), { ...descriptorOf(image), platform: { os: 'unknown', architecture: 'unknown' } }]),
      undefined,
    ],
    [
      'a cache index of BuildKit, whose children are blobs',
      indexOf([descriptorOf(layer), descriptorOf(config)]),
      undefined,
    ],
    ['an index with a subject', indexOf([], { subject }), subject],
  ])('%s', async (_, manifest, subjectOfIt) => {
    const headers = { 'content-type': `${manifest.mediaType}; charset=utf-8` };
    const answer = await server().admin.pushManifest(name, 'any', manifest, { headers });
    expect(answer.status, answer.text()).toBe(201);
    expect(answer.header('docker-content-digest')).toBe(manifest.digest);
    expect(answer.header('oci-subject')).toBe(subjectOfIt?.digest);
    const pulled = await server().admin.request('GET', locationOf(answer));
    expect(pulled.body.equals(manifest.bytes)).toBe(true);
    expect(pulled.header('content-type')).toBe(manifest.mediaType);
  });

  test('an artifact with the empty config', async () => {
    const artifact = buildArtifact({ artifactType: 'application/x.thing', content: 'thing', subject });
    const answer = await pushImage(server().admin, 'team/artifacts', 'latest', artifact);
    expect(answer.header('oci-subject')).toBe(image.digest);
  });
});

describe('rule 23: GET and HEAD of a manifest are alike, exact in type, digest and length, whatever Accept says', () => {
  test.each([
    undefined,
    '*/*',
    'application/vnd.docker.distribution.manifest.v1+prettyjws',
    `${mediaTypes.dockerManifest}, ${mediaTypes.dockerManifestList}`,
  ])('Accept: %s', async (accept) => {
    const headers = accept === undefined ? {} : { accept };
    for (const method of ['GET', 'HEAD']) {
      const answer = await server().admin.request(method, `/v2/${name}/manifests/v1`, { headers });
      expect(answer.status).toBe(200);
      expect(answer.headers).toMatchObject({
        'content-type': 'application/vnd.oci.image.manifest.v1+json',
        'docker-content-digest': digestOf(image.bytes),
        'content-length': String(image.size),
      });
      expect(answer.body.length).toBe(method === 'GET' ? image.size : 0);
    }
  });

  test('an unknown one is 404 MANIFEST_UNKNOWN', async () => {
    expectError(await server().admin.getManifest(name, 'unknown'), 404, 'MANIFEST_UNKNOWN');
  });
});

describe('rule 24: nothing is ever encoded, and one range from anywhere is 206 up to the end', () => {
  test.each(['gzip', 'zstd;q=1.0, gzip;q=0.8, deflate;q=0.5', 'br, *'])('Accept-Encoding: %s', async (encoding) => {
    const headers = { 'accept-encoding': encoding };
    for (const answer of [
      await server().admin.getBlob(name, layer.digest, { headers }),
      await server().admin.getManifest(name, 'v1', { headers }),
      await server().admin.request('GET', `/v2/${name}/tags/list`, { headers }),
    ]) {
      expect(answer.header('content-encoding')).toBeUndefined();
      expect(answer.header('content-length')).toBe(String(answer.body.length));
    }
  });

  test.each([
    ['bytes=0-', 0],
    ['bytes=1000-', 1_000],
    ['bytes=2999-', 2_999],
    ['bytes=1000-99999', 1_000],
  ])('Range: %s', async (range, start) => {
    const answer = await server().admin.getBlob(name, layer.digest, { headers: { range } });
    expect(answer.status).toBe(206);
    expect(answer.header('accept-ranges')).toBe('bytes');
    expect(answer.header('content-range')).toBe(`bytes ${start}-2999/3000`);
    expect(answer.text()).toBe('chart '.repeat(500).slice(start));
  });

  test('a range from the end on is 416, and a plain GET always 200', async () => {
    const headers = { range: 'bytes=3000-' };
    expectError(await server().admin.getBlob(name, layer.digest, { headers }), 416, 'BLOB_UPLOAD_INVALID');
    expect((await server().admin.getBlob(name, layer.digest)).status).toBe(200);
  });
});

describe('rule 25: referrers are always 200 and an index, deletes 202, and Link a path', () => {
  test.each([
    ['nothing refers to it', name, digestOf('no referrers')],
    ['the repository is unknown', 'no/such/repository', digestOf('x')],
    ['the digest is the one that sigstore asks for', name, `sha256:${'0'.repeat(64)}`],
  ])('when %s', async (_, repository, digest) => {
    const answer = await server().admin.referrers(repository, digest);
    expect(answer.status).toBe(200);
    expect(answer.header('content-type')).toBe('application/vnd.oci.image.index.v1+json');
    expect(answer.json().manifests).toEqual([]);
  });

  test('DELETE of a manifest and of a blob', async () => {
    const blob = blobOf('to be deleted');
    await pushBlobs(server().admin, name, blob);
    const manifest = imageOf(config, [], { annotations: { is: 'deleted' } });
    await server().admin.pushManifest(name, 'deleted', manifest);
    expectBodyless(await server().admin.deleteManifest(name, manifest.digest), 202);
    expectBodyless(await server().admin.deleteBlob(name, blob.digest), 202);
  });

  test('Link on lists', async () => {
    for (const path of [`/v2/${name}/tags/list?n=1`, '/v2/_catalog?n=1']) {
      const { headers } = await server().admin.request('GET', path);
      expect(headers['link']).toMatch(/^<\/v2\/[^>]+>; rel="next"$/);
    }
  });
});
