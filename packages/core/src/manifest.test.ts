import { describe, expect, test } from 'vitest';
import { digestOf } from './digest.ts';
import { maxManifestSize, parseManifest } from './manifest.ts';
import { mediaTypes } from './media-types.ts';
import { descriptor, encode, image, index, layerType } from './testing/manifests.ts';

const { ociManifest, ociIndex, dockerManifest, dockerManifestList, ociEmpty } = mediaTypes;
const configType = 'application/vnd.oci.image.config.v1+json';
const unknownDigest = `sha384:${'a'.repeat(96)}`;

test('manifests may have 4 MiB', () => {
  expect(maxManifestSize).toBe(4_194_304);
});

describe('parseManifest of an image', () => {
  test('names config and layers as blobs', () => {
    expect(parseManifest(encode(image()), ociManifest)).toEqual({
      mediaType: ociManifest,
      kind: 'image',
      artifactType: configType,
      blobs: [digestOf('config'), digestOf('layer')],
      optionalBlobs: [],
      children: [],
      annotations: {},
      configMediaType: configType,
      config: digestOf('config'),
    });
  });

  test('reads artifactType, subject and annotations', () => {
    const body = image({
      artifactType: 'application/spdx+json',
      subject: descriptor('subject', ociManifest),
      annotations: { 'org.opencontainers.image.created': '2026-01-01T00:00:00Z', empty: '' },
    });
    expect(parseManifest(encode(body), ociManifest)).toMatchObject({
      artifactType: 'application/spdx+json',
      subject: digestOf('subject'),
      annotations: { 'org.opencontainers.image.created': '2026-01-01T00:00:00Z', empty: '' },
    });
  });

  test('uses the config type for a missing, null or empty artifactType', () => {
    for (const artifactType of [undefined, null, '']) {
      expect(parseManifest(encode(image({ artifactType })), ociManifest).artifactType).toBe(configType);
    }
  });

  test('lists each blob once, also one that is config and layer', () => {
    const same = descriptor('x', layerType);
    const body = image({ config: same, layers: [same, descriptor('y', layerType), same] });
    expect(parseManifest(encode(body), ociManifest).blobs).toEqual([digestOf('x'), digestOf('y')]);
  });

  test('does not require layers that are fetched from elsewhere', () => {
    const layers = [
      descriptor('a', 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip'),
      descriptor('b', 'application/vnd.oci.image.layer.nondistributable.v1.tar+zstd'),
      descriptor('c', layerType, { urls: ['https://example.com/c'] }),
      descriptor('d', layerType, { urls: [] }),
      descriptor('e', layerType, { urls: null }),
    ];
    expect(parseManifest(encode(image({ layers })), ociManifest)).toMatchObject({
      blobs: ['config', 'd', 'e'].map((name) => digestOf(name)),
      optionalBlobs: ['a', 'b', 'c'].map((name) => digestOf(name)),
    });
  });

  test('requires a blob that is listed both ways', () => {
    const layers = [descriptor('a', layerType, { urls: ['https://example.com'] }), descriptor('a', layerType)];
    expect(parseManifest(encode(image({ layers })), ociManifest)).toMatchObject({
      blobs: [digestOf('config'), digestOf('a')],
      optionalBlobs: [],
    });
  });

  test('includes sha512 blobs and omits digests of unknown algorithms', () => {
    const sha512 = digestOf('layer', 'sha512');
    const layers = [
      { ...descriptor('a', layerType), digest: sha512 },
      { ...descriptor('b'), digest: unknownDigest },
    ];
    const config = { ...descriptor('c'), digest: 'blake3:abc' };
    expect(parseManifest(encode(image({ config, layers })), ociManifest)).toMatchObject({
      blobs: [sha512],
      optionalBlobs: [],
    });
    expect(parseManifest(encode(image({ config })), ociManifest)).not.toHaveProperty('config');
  });
});

describe('parseManifest of an index', () => {
  test('lists its entries as children, and as blobs that may be missing', () => {
    const entries = [descriptor('a', ociManifest), descriptor('b', layerType), descriptor('a', ociManifest)];
    const unknown = { ...descriptor('c', ociManifest), digest: unknownDigest };
    expect(parseManifest(encode(index({ manifests: [...entries, unknown] })), ociIndex)).toEqual({
      mediaType: ociIndex,
      kind: 'index',
      blobs: [],
      optionalBlobs: [digestOf('a'), digestOf('b')],
      children: [digestOf('a'), digestOf('b'), unknownDigest],
      annotations: {},
      platforms: [],
    });
  });

  test('lists each platform once, without those of attestations and invalid ones', () => {
    const platforms = [
      { os: 'linux', architecture: 'arm64', variant: 'v8' },
      { architecture: 'amd64', os: 'linux' },
      { os: 'linux', architecture: 'amd64', 'os.version': '1' },
      { os: 'unknown', architecture: 'unknown' },
      { os: '', architecture: 7 },
      'linux/amd64',
      null,
    ];
    const manifests = platforms.map((platform, at) => ({ ...descriptor(`${at}`, ociManifest), platform }));
    const body = index({ manifests: [...manifests, descriptor('none', ociManifest)] });
    expect(parseManifest(encode(body), ociIndex).platforms).toEqual(['linux/arm64/v8', 'linux/amd64']);
  });

  test('has an artifactType only if it contains one', () => {
    expect(parseManifest(encode(index()), ociIndex)).not.toHaveProperty('artifactType');
    expect(parseManifest(encode(index({ artifactType: 'a/b' })), ociIndex).artifactType).toBe('a/b');
  });

  test('may have a subject', () => {
    const body = index({ subject: { ...descriptor('s'), digest: unknownDigest } });
    expect(parseManifest(encode(body), ociIndex).subject).toBe(unknownDigest);
  });
});

describe('parseManifest accepts', () => {
  test.each([
    ['no layers', image({ layers: [] })],
    ['null layers, as Go writes an empty list', image({ layers: null })],
    ['an empty index', index({ manifests: [] })],
    ['a null index, as Go writes an empty list', index({ manifests: null })],
    ['a nested index', index({ manifests: [descriptor('i', ociIndex)] })],
    ['index entries of unknown media types', index({ manifests: [descriptor('a', 'application/x-unheard-of')] })],
    ['index entries without platform', index({ manifests: [descriptor('a', ociManifest)] })],
    [
      'platform unknown/unknown',
      index({
        manifests: [descriptor('a', ociManifest, { platform: { os: 'unknown', architecture: 'unknown' } })],
      }),
    ],
    ['layers of unknown media types', image({ layers: [descriptor('a', 'application/x-unheard-of')] })],
    ['a config of an unknown media type', image({ config: descriptor('a', 'application/x-unheard-of') })],
    ['an unknown artifactType', image({ artifactType: 'application/x-unheard-of' })],
    ['the empty config', image({ config: descriptor('{}', ociEmpty, { size: 2, data: 'e30=' }) })],
    ['data of a layer', image({ layers: [descriptor('a', layerType, { data: 'YQ==' })] })],
    ['a subject that may not exist', image({ subject: descriptor('nowhere', ociManifest) })],
    ['a null subject and null annotations', image({ subject: null, annotations: null })],
    ['a size of 0', image({ layers: [descriptor('', layerType, { size: 0 })] })],
    ['a size of 2^53-1', image({ layers: [descriptor('a', layerType, { size: 2 ** 53 - 1 })] })],
    ['annotations of a layer', image({ layers: [descriptor('a', layerType, { annotations: { a: 'b' } })] })],
    ['unknown fields', image({ 'org.example.extra': { deep: [[[1]]] }, history: null })],
    ['an empty mediaType', image({ mediaType: '' })],
  ])('%s', (_name, body) => {
    const type = 'manifests' in body ? ociIndex : ociManifest;
    expect(parseManifest(encode(body), type).mediaType).toBe(type);
  });

  test('a 4 MiB manifest of thousands of layers', () => {
    const layers = Array.from({ length: 20_000 }, (_, i) => descriptor(`layer ${i}`, layerType));
    expect(parseManifest(encode(image({ layers })), ociManifest).blobs).toHaveLength(20_001);
  });
});

describe('the media type of a manifest', () => {
  test.each([
    ['the header', ociManifest, image(), ociManifest],
    ['the header and the same in the body', ociManifest, image({ mediaType: ociManifest }), ociManifest],
    ['a header with parameters', `${ociManifest}; charset=utf-8`, image({ mediaType: ociManifest }), ociManifest],
    ['a header with spaces', ` ${ociIndex} ;x=y`, index(), ociIndex],
    ["Docker's header", dockerManifest, image(), dockerManifest],
    ["Docker's header of a list", dockerManifestList, index(), dockerManifestList],
    ['the body, without a header', undefined, image({ mediaType: dockerManifest }), dockerManifest],
    ['the body, with an empty header', '', index({ mediaType: dockerManifestList }), dockerManifestList],
    ['the fields of an image', undefined, image(), ociManifest],
    ['the fields of an index', undefined, index(), ociIndex],
  ])('comes from %s', (_name, contentType, body, expected) => {
    expect(parseManifest(encode(body), contentType).mediaType).toBe(expected);
  });
});
