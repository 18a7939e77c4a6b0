import { digestOf, mediaTypes } from '@mcr/core';
import { blobOf, buildArtifact, buildImage, buildIndex, descriptorOf, locationOf, pushImage } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectError } from '../_util/errors.ts';
import { imageOf, indexOf, manifestOf, pushBlobs } from '../_util/manifests.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const name = 'shapes/app';
const config = blobOf('{"shape":true}', 'application/vnd.oci.image.config.v1+json');
const empty = { ...blobOf('{}', mediaTypes.ociEmpty) };
const layer = blobOf('shape', 'application/vnd.oci.image.layer.v1.tar+gzip');
const absent = digestOf('lies elsewhere');
const image = imageOf(config, [descriptorOf(layer)]);

beforeAll(async () => {
  await pushBlobs(server().admin, name, config, empty, layer);
  expect((await server().admin.pushManifest(name, image.digest, image)).status).toBe(201);
});

/** Everything that the image-spec lets a client write and a registry must not reject. */
const shapes = {
  'a Helm chart': imageOf({ ...config, mediaType: 'application/vnd.cncf.helm.config.v1+json' }, [
    { ...descriptorOf(layer), mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip' },
  ]),
  'a signature': imageOf(config, [], {
    artifactType: 'application/vnd.cncf.notary.signature',
    subject: descriptorOf(image),
  }),
  'an index with a subject': indexOf([], { subject: descriptorOf(image) }),
  'a cache index of BuildKit, whose children are blobs': indexOf([descriptorOf(layer), descriptorOf(config)]),
  'an image without layers': imageOf(config, []),
  'an image with layers: null, as Go writes it': imageOf(config, [], { layers: null }),
  'an empty index': indexOf([]),
  'a nested index': indexOf([descriptorOf(indexOf([descriptorOf(image)]))]),
  'unknown media types of config and layers': imageOf({ ...config, mediaType: 'application/x.what' }, [
    { ...descriptorOf(layer), mediaType: 'application/x.layer+zip' },
  ]),
  'an index entry of an unknown media type': indexOf([{ ...descriptorOf(image), mediaType: 'application/x.entry' }]),
  'an artifact type': imageOf(empty, [descriptorOf(layer)], { artifactType: 'application/vnd.example.sbom' }),
  'the empty config with its data': imageOf(empty, [], { config: { ...descriptorOf(empty), data: 'e30=' } }),
  'the same blob as config and as layer': imageOf(config, [descriptorOf(config), descriptorOf(config)]),
  'data in a layer': imageOf(config, [{ ...descriptorOf(layer), data: 'c2hhcGU=' }]),
  'index entries with and without a platform': indexOf([
    descriptorOf(image),
    { ...descriptorOf(image), platform: { os: 'unknown', architecture: 'unknown' } },
  ]),
  'annotations everywhere': imageOf(
    config,
    [{ ...descriptorOf(layer), annotations: { 'org.example.é': 'ü "quoted"' } }],
    { annotations: { 'org.example': '' } },
  ),
  'a layer of an algorithm that is not known here': imageOf(config, [
    { mediaType: 'application/x.layer', digest: `blake3:${'a'.repeat(64)}`, size: 3 },
  ]),
  'a sparse index': indexOf([{ ...descriptorOf(image), digest: absent }]),
  'a Docker manifest': manifestOf(
    {
      schemaVersion: 2,
      mediaType: mediaTypes.dockerManifest,
      config: { ...descriptorOf(config), mediaType: 'application/vnd.docker.container.image.v1+json' },
      layers: [{ ...descriptorOf(layer), mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip' }],
    },
    mediaTypes.dockerManifest,
  ),
  'a Docker manifest list': manifestOf(
    { schemaVersion: 2, mediaType: mediaTypes.dockerManifestList, manifests: [descriptorOf(image)] },
    mediaTypes.dockerManifestList,
  ),
} as const;

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-manifests
describe('a manifest is not rejected for', () => {
  test.each(Object.entries(shapes))('%s', async (_, manifest) => {
    const { subject } = JSON.parse(String(manifest.bytes)) as { subject?: { digest: string } };
    const headers = { 'content-type': `${manifest.mediaType}; charset=utf-8` };
    for (const reference of [manifest.digest, 'shape']) {
      const response = await server().admin.pushManifest(name, reference, manifest, { headers });
      expect(response.status, response.text()).toBe(201);
      expect(response.header('docker-content-digest')).toBe(manifest.digest);
      expect(response.header('oci-subject')).toBe(subject?.digest);
      const located = await server().admin.request('GET', locationOf(response));
      expect(located.body.equals(manifest.bytes)).toBe(true);
      const pulled = await server().admin.getManifest(name, reference);
      expect(pulled.body.equals(manifest.bytes)).toBe(true);
      expect(pulled.header('content-type')).toBe(manifest.mediaType);
    }
  });

  test.each([
    'application/vnd.oci.image.layer.nondistributable.v1.tar',
    'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
    'application/vnd.oci.image.layer.nondistributable.v1.tar+zstd',
    'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
  ])('a layer of type %s whose blob is absent', async (mediaType) => {
    const manifest = imageOf(config, [{ mediaType, digest: absent, size: 9, urls: ['https://example.net/layer'] }]);
    expect((await server().admin.pushManifest(name, 'foreign', manifest)).status).toBe(201);
  });

  test('whole images and indexes under sha512', async () => {
    const built = await buildImage({ layers: [{ size: 100 }], algorithm: 'sha512' });
    const index = buildIndex([built], { algorithm: 'sha512' });
    const response = await pushImage(server().admin, 'shapes/sha512', index.manifest.digest, index);
    expect(response.status, response.text()).toBe(201);
    expect(response.header('docker-content-digest')).toBe(index.manifest.digest);
  });
});

describe('a BuildKit cache index', () => {
  const cacheConfig = blobOf('{"cache":1}', 'application/vnd.buildkit.cacheconfig.v0');
  const cacheLayer = blobOf('cached layer', 'application/vnd.oci.image.layer.v1.tar+gzip');
  const cache = indexOf([descriptorOf(cacheLayer), descriptorOf(cacheConfig)]);

  test('keeps the blobs that it lists as if they were manifests, after their leases have ended', async () => {
    const { admin, context } = server();
    await pushBlobs(admin, 'shapes/cache', cacheConfig, cacheLayer);
    expect((await admin.pushManifest('shapes/cache', 'cache', cache)).status).toBe(201);

    const { store, settings, clock } = context.services;
    const later = clock.now() + 2 * settings.gracePeriod;
    while ((await store.gc.review({ now: later, limit: 25 })).reviewed > 0) {
      // Until nothing is due any more.
    }
    for (const { digest, size } of [cacheConfig, cacheLayer]) {
      const blob = await store.blobs.find('shapes/cache' as never, digest, later);
      expect(blob).toMatchObject({ digest, size });
    }
  });
});

// https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-manifests-with-subject
describe('a referrer of an artifact', () => {
  test('is found by its artifact type, though its subject was never pushed', async () => {
    const subject = { mediaType: mediaTypes.ociManifest, digest: digestOf('subject to come'), size: 5 };
    const artifact = buildArtifact({ artifactType: 'application/vnd.example.sig', content: 'sig', subject });
    const response = await pushImage(server().admin, 'shapes/artifacts', artifact.manifest.digest, artifact);
    expect(response.header('oci-subject')).toBe(subject.digest);
    const listed = await server().admin.referrers('shapes/artifacts', subject.digest);
    expect(listed.json().manifests).toEqual([
      { ...descriptorOf(artifact.manifest), artifactType: 'application/vnd.example.sig' },
    ]);
  });
});

test('schema 1 is rejected with a word on what to do', async () => {
  const signed = 'application/vnd.docker.distribution.manifest.v1+prettyjws';
  const response = await server().admin.pushManifest(name, 'v1', manifestOf({ schemaVersion: 1, name: 'x' }, signed));
  expect(expectError(response, 400, 'MANIFEST_INVALID').message).toContain('schemaVersion 2');
});
