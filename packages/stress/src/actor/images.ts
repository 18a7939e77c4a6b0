import { digestOf, mediaTypes } from '@mcr/core';
import type { Pushable } from '../model/ledger.ts';
import { askForBlob, sendBlob } from './blobs.ts';
import type { Client } from './client.ts';
import { pushManifest } from './manifests.ts';

/** Pushes an image with all its blobs, and sets a tag to it. */
export async function pushWhole(client: Client, image: Pushable, tag = 'latest'): Promise<void> {
  await pushBlobs(client, image);
  await pushManifest(client, image, tag);
}

/** Pushes the blobs of an image that are not there. */
export async function pushBlobs(client: Client, image: Pushable): Promise<void> {
  for (const blob of image.blobs) {
    if (!(await askForBlob(client, blob))) await sendBlob(client, blob, 'put');
  }
}

/** An index without blobs that lists so many images, none of which is there: one row of the database for each. */
export function buildLargeIndex(entries: number, name: string): Pushable {
  const mediaType = mediaTypes.ociIndex;
  const manifests = Array.from({ length: entries }, (_, n) => ({
    mediaType: mediaTypes.ociManifest,
    digest: digestOf(`${name} ${n}`),
    size: 1,
  }));
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, manifests, annotations: { name } }));
  return { manifest: { mediaType, digest: digestOf(bytes), size: bytes.byteLength, bytes }, blobs: [] };
}
