import { describe, expect, test } from 'vitest';
import { digestOf } from './digest.ts';
import { mediaTypes } from './media-types.ts';
import { annotationsOfContent, describeReferrer, referrersIndex } from './referrer.ts';

function stored(body: object, artifactType?: string) {
  const content = new TextEncoder().encode(JSON.stringify(body));
  return {
    digest: digestOf(content),
    mediaType: mediaTypes.ociManifest,
    size: content.length,
    content,
    ...(artifactType !== undefined && { artifactType }),
  };
}

test('annotationsOfContent reads all annotations, or none', () => {
  const annotations = { 'org.example.a': '1', 'org.example.b': '' };
  expect(annotationsOfContent(stored({ schemaVersion: 2, annotations }).content)).toEqual(annotations);
  for (const body of [{}, { annotations: {} }, { annotations: null }]) {
    expect(annotationsOfContent(stored(body).content)).toEqual({});
  }
});

describe('describeReferrer', () => {
  test('returns media type, size, digest, artifact type and all annotations', () => {
    const manifest = stored({ schemaVersion: 2 }, 'text/sbom');
    expect(describeReferrer(manifest, { 'org.example.a': '1', 'org.example.b': '' })).toEqual({
      mediaType: manifest.mediaType,
      size: manifest.size,
      digest: manifest.digest,
      artifactType: 'text/sbom',
      annotations: { 'org.example.a': '1', 'org.example.b': '' },
    });
  });

  test('omits what a manifest does not have', () => {
    const { content: _, ...expected } = stored({});
    expect(Object.keys(describeReferrer(stored({}), {})).sort()).toEqual(Object.keys(expected).sort());
    expect(describeReferrer(stored({}), {})).toEqual(expected);
  });
});

describe('referrersIndex', () => {
  test('is an image index with an empty list if there are no referrers', () => {
    expect(JSON.stringify(referrersIndex([]))).toBe(
      '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}',
    );
  });

  test('lists descriptors in the order given', () => {
    const descriptors = [stored({ a: 1 }), stored({ a: 2 })].map((manifest) => describeReferrer(manifest, {}));
    expect(referrersIndex(descriptors).manifests).toEqual(descriptors);
  });
});
