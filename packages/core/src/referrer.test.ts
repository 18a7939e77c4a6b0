import { describe, expect, test } from 'vitest';
import { digestOf } from './digest.ts';
import { mediaTypes } from './media-types.ts';
import { describeReferrer, referrersIndex } from './referrer.ts';

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

describe('describeReferrer', () => {
  test('gives media type, size, digest, artifact type and all annotations', () => {
    const manifest = stored(
      { schemaVersion: 2, annotations: { 'org.example.a': '1', 'org.example.b': '' } },
      'text/sbom',
    );
    expect(describeReferrer(manifest)).toEqual({
      mediaType: manifest.mediaType,
      size: manifest.size,
      digest: manifest.digest,
      artifactType: 'text/sbom',
      annotations: { 'org.example.a': '1', 'org.example.b': '' },
    });
  });

  test.each([{}, { annotations: {} }, { annotations: null }])('leaves out what a manifest of %j has not', (body) => {
    const { content: _, ...expected } = stored(body);
    expect(Object.keys(describeReferrer(stored(body))).sort()).toEqual(Object.keys(expected).sort());
    expect(describeReferrer(stored(body))).toEqual(expected);
  });
});

describe('referrersIndex', () => {
  test('is an image index with an empty list when nothing refers', () => {
    expect(JSON.stringify(referrersIndex([]))).toBe(
      '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}',
    );
  });

  test('lists descriptors in the order given', () => {
    const descriptors = [stored({ a: 1 }), stored({ a: 2 })].map(describeReferrer);
    expect(referrersIndex(descriptors).manifests).toEqual(descriptors);
  });
});
