import { type DigestAlgorithm, digestOf, mediaTypes } from '@mcr/core';
import { descriptorOf, type OciClient, type TestBlob, type TestDescriptor, type TestManifest } from '@mcr/testkit';
import { expect } from 'vitest';

const manifestDefaults = { schemaVersion: 2, mediaType: mediaTypes.ociManifest };
const indexDefaults = { schemaVersion: 2, mediaType: mediaTypes.ociIndex };

/** Bytes as a manifest of this type, well-formed or not. */
export function manifestOf(
  content: string | Uint8Array | object,
  mediaType: string = mediaTypes.ociManifest,
  algorithm: DigestAlgorithm = 'sha256',
): TestManifest {
  const isBytes = typeof content === 'string' || content instanceof Uint8Array;
  const bytes = Buffer.from(isBytes ? content : JSON.stringify(content));
  return { bytes, mediaType, digest: digestOf(bytes, algorithm), size: bytes.length };
}

/** An image manifest of these blobs; further fields are added, and replace others of their name. */
export function imageOf(
  config: TestDescriptor,
  layers: readonly object[] = [],
  fields: object = {},
  algorithm: DigestAlgorithm = 'sha256',
): TestManifest {
  const content = { ...manifestDefaults, config: descriptorOf(config), layers, ...fields };
  return manifestOf(content, mediaTypes.ociManifest, algorithm);
}

/** An index of these descriptors; further fields are added. */
export function indexOf(
  manifests: readonly object[],
  fields: object = {},
  algorithm: DigestAlgorithm = 'sha256',
): TestManifest {
  return manifestOf({ ...indexDefaults, manifests, ...fields }, mediaTypes.ociIndex, algorithm);
}

/** Pushes blobs that a test takes for granted. */
export async function pushBlobs(client: OciClient, name: string, ...blobs: readonly TestBlob[]): Promise<void> {
  for (const blob of blobs) {
    const response = await client.pushBlob(name, blob);
    expect(response.status, response.text()).toBe(201);
  }
}
