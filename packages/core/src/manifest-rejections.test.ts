import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RegistryError } from './errors.ts';
import { parseManifest } from './manifest.ts';
import { mediaTypes } from './media-types.ts';
import { descriptor, encode, image, index, layerType } from './testing/manifests.ts';
import { errorOf, rejectionOf } from './testing/rejection.ts';

const { ociManifest, ociIndex, dockerManifest } = mediaTypes;

function reject(content: Uint8Array, contentType?: string): RegistryError {
  return rejectionOf('MANIFEST_INVALID', () => parseManifest(content, contentType));
}

function rejectsOrParses(content: Uint8Array, contentType: string | undefined) {
  const error = errorOf(() => parseManifest(content, contentType));
  if (error !== undefined) expect(error).toMatchObject({ name: 'RegistryError', code: 'MANIFEST_INVALID' });
}

describe('parseManifest rejects bytes that parsers read differently', () => {
  const good = JSON.stringify(image());
  test.each([
    ['duplicate keys', `{"layers":[],${good.slice(1)}`, /duplicate key "layers" /],
    [
      'duplicate keys in a descriptor',
      good.replace('{"mediaType"', '{"digest":"x","mediaType"'),
      /duplicate key "digest" /,
    ],
    ['__proto__', `{"__proto__":{},${good.slice(1)}`, /"__proto__"/],
    ['a byte order mark', `\uFEFF${good}`, /byte order mark/],
    ['trailing bytes', `${good}x`, /malformed/],
    ['two documents', `${good}${good}`, /malformed/],
    ['a depth of 10,000', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, /deeper than/],
    ['no JSON', '<html>', /malformed/],
    ['nothing', '', /malformed/],
  ])('%s', (_name, text, message) => {
    const error = reject(new TextEncoder().encode(text), ociManifest);
    expect(error.message).toMatch(message);
    expect(error.detail).toEqual({ reason: expect.stringMatching(message) });
    expect(error.cause).toBeInstanceOf(Error);
  });

  test('invalid UTF-8', () => {
    expect(reject(Uint8Array.of(0x7b, 0xff, 0x7d)).message).toContain('UTF-8');
  });

  test.each([null, true, 1, 'text', []])('%j, which is not an object', (body) => {
    expect(reject(encode(body), ociManifest).message).toBe('The manifest must be a JSON object');
  });
});

describe('parseManifest rejects a type that its parts contradict (CVE-2021-41190)', () => {
  const both = { ...image(), ...index() };
  test.each([
    ['layers and manifests, as an image', both, ociManifest, 'manifests'],
    ['layers and manifests, as an index', both, ociIndex, 'config'],
    ['layers and manifests, without a type', both, undefined, 'config'],
    ['layers in an index', index({ layers: [] }), ociIndex, 'layers'],
    ['a config in an index', index({ config: descriptor('c') }), ociIndex, 'config'],
    ['a null config in an index', index({ config: null }), ociIndex, 'config'],
    ['manifests in an image', image({ manifests: [] }), ociManifest, 'manifests'],
    ['null manifests in an image', image({ manifests: null }), ociManifest, 'manifests'],
    ['an index that is pushed as an image', index(), ociManifest, 'manifests'],
    ['an image that is pushed as an index', image(), ociIndex, 'config'],
    ['an OCI body under a Docker header', image({ mediaType: ociManifest }), dockerManifest, 'mediaType'],
    ['an index body under an image header', index({ mediaType: ociIndex }), ociManifest, 'mediaType'],
    ['another case', image({ mediaType: ociManifest.toUpperCase() }), ociManifest, 'mediaType'],
    ['a mediaType with parameters', image({ mediaType: `${ociManifest};a=b` }), `${ociManifest};a=b`, 'mediaType'],
  ])('%s', (_name, body, contentType, field) => {
    expect(reject(encode(body), contentType).detail).toEqual({ field });
  });
});

describe('parseManifest rejects kinds of manifests that the registry does not store', () => {
  test.each([
    ['an artifact manifest of OCI 1.1 drafts', 'application/vnd.oci.artifact.manifest.v1+json'],
    ['schema 1', 'application/vnd.docker.distribution.manifest.v1+prettyjws'],
    ['JSON of no kind', 'application/json'],
    ['bytes of no kind', 'application/octet-stream'],
    ['a wildcard', '*/*'],
    ['an endless type', 'x'.repeat(5000)],
  ])('%s, naming the four accepted types', (_name, type) => {
    const { message, detail } = reject(encode(image()), type);
    expect(detail).toEqual({ field: 'mediaType' });
    for (const accepted of ['ociManifest', 'ociIndex', 'dockerManifest', 'dockerManifestList'] as const) {
      expect(message).toContain(mediaTypes[accepted]);
    }
    expect(message.length).toBeLessThan(500);
  });

  test('those without any sign of their type', () => {
    expect(reject(encode({ schemaVersion: 2 })).detail).toEqual({ field: 'mediaType' });
  });

  test('those that look like an image but are not', () => {
    expect(reject(encode(image({ layers: undefined }))).detail).toEqual({ field: 'layers' });
    expect(reject(encode(image({ config: undefined }))).detail).toEqual({ field: 'config' });
  });

  test('schemaVersion 1, saying what to do', () => {
    const error = reject(
      encode({ schemaVersion: 1, fsLayers: [], history: [] }),
      'application/vnd.docker.distribution.manifest.v1+json',
    );
    expect(error.message).toContain('schemaVersion 1');
    expect(error.message).toContain('push the image with');
  });

  test.each([undefined, null, 0, 3, '2', [2]])('schemaVersion %j', (schemaVersion) => {
    expect(reject(encode(image({ schemaVersion })), ociManifest)).toMatchObject({
      message: 'schemaVersion must be 2',
      detail: { field: 'schemaVersion' },
    });
  });
});

describe('parseManifest rejects fields of the wrong form, naming them', () => {
  const hex = 'a'.repeat(64);
  test.each([
    ['config', image({ config: undefined })],
    ['config', image({ config: null })],
    ['config', image({ config: [] })],
    ['layers', image({ layers: undefined })],
    ['layers', image({ layers: {} })],
    ['layers[1]', image({ layers: [descriptor('a'), 'b'] })],
    ['manifests', index({ manifests: 'a' })],
    ['manifests[0].mediaType', index({ manifests: [descriptor('a', null)] })],
    ['layers[0].mediaType', image({ layers: [descriptor('a', layerType, { mediaType: undefined })] })],
    ['config.digest', image({ config: descriptor('a', layerType, { digest: undefined }) })],
    ['config.digest', image({ config: descriptor('a', layerType, { digest: `sha256:${hex.slice(1)}` }) })],
    ['config.digest', image({ config: descriptor('a', layerType, { digest: `sha256:${hex.toUpperCase()}` }) })],
    ['config.digest', image({ config: descriptor('a', layerType, { digest: 'sha256:../../etc' }) })],
    ['config.digest', image({ config: descriptor('a', layerType, { digest: `sha256:${hex}\n` }) })],
    ['config.digest', image({ config: descriptor('a', layerType, { digest: hex }) })],
    ['config.size', image({ config: descriptor('a', layerType, { size: undefined }) })],
    ['config.size', image({ config: descriptor('a', layerType, { size: -1 }) })],
    ['config.size', image({ config: descriptor('a', layerType, { size: 1.5 }) })],
    ['config.size', image({ config: descriptor('a', layerType, { size: 2 ** 53 }) })],
    ['config.size', image({ config: descriptor('a', layerType, { size: '1' }) })],
    ['layers[0].urls', image({ layers: [descriptor('a', layerType, { urls: 'https://x' })] })],
    ['layers[0].annotations', image({ layers: [descriptor('a', layerType, { annotations: { a: 1 } })] })],
    ['annotations', image({ annotations: { good: 'x', bad: 1 } })],
    ['annotations', image({ annotations: { a: null } })],
    ['annotations', index({ annotations: { a: {} } })],
    ['annotations', image({ annotations: ['a'] })],
    ['annotations', image({ annotations: 'a' })],
    ['subject', image({ subject: 'sha256:a' })],
    ['subject.digest', index({ subject: { mediaType: ociManifest, digest: 'x', size: 1 } })],
    ['artifactType', image({ artifactType: 1 })],
    ['artifactType', index({ artifactType: {} })],
  ])('%s', (field, body) => {
    const error = reject(encode(body), 'manifests' in body ? ociIndex : ociManifest);
    expect(error.detail).toEqual({ field });
    expect(error.message).toContain(field);
  });

  test('mediaType', () => {
    expect(reject(encode(image({ mediaType: 5 })), ociManifest).detail).toEqual({ field: 'mediaType' });
  });

  test('annotations name the key that is wrong', () => {
    expect(reject(encode(image({ annotations: { good: 'x', bad: 1 } })), ociManifest).message).toContain('"bad"');
  });
});

describe('parseManifest, for any input', () => {
  const contentType = fc.option(fc.oneof(fc.constantFrom(...Object.values(mediaTypes)), fc.string()), {
    nil: undefined,
  });

  test('throws nothing but MANIFEST_INVALID for any bytes', () => {
    fc.assert(fc.property(fc.uint8Array(), contentType, rejectsOrParses));
  });

  test('throws nothing but MANIFEST_INVALID for anything like a manifest', () => {
    const odd = fc.jsonValue({ maxDepth: 2 });
    const someDescriptor = fc.oneof(
      fc.constant(descriptor('a')),
      odd,
      fc.record({ mediaType: odd, digest: odd, size: odd, urls: odd, annotations: odd }, { requiredKeys: [] }),
    );
    const descriptors = fc.oneof(fc.array(someDescriptor, { maxLength: 3 }), odd);
    const body = fc.record(
      {
        schemaVersion: fc.oneof({ weight: 9, arbitrary: fc.constant(2) }, odd),
        mediaType: fc.oneof(fc.constantFrom(...Object.values(mediaTypes)), odd),
        artifactType: odd,
        config: someDescriptor,
        layers: descriptors,
        manifests: descriptors,
        subject: someDescriptor,
        annotations: fc.oneof(fc.dictionary(fc.string(), fc.string()), odd),
      },
      { requiredKeys: ['schemaVersion'] },
    );
    fc.assert(
      fc.property(body, contentType, (value, type) => {
        rejectsOrParses(encode(value), type);
      }),
      { numRuns: 3000 },
    );
  });
});
