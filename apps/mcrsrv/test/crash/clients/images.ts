import type { TestImage } from '@mcr/testkit';
import { askForBlob, sendBlob } from './blobs.ts';
import type { Client } from './client.ts';
import { pushManifest } from './manifests.ts';

/** Pushes an image with all its blobs, and sets a tag to it. */
export async function pushWhole(client: Client, image: TestImage, tag = 'latest'): Promise<void> {
  await pushBlobs(client, image);
  await pushManifest(client, image, tag);
}

/** Pushes the blobs of an image that are not there. */
export async function pushBlobs(client: Client, image: TestImage): Promise<void> {
  for (const blob of image.blobs) {
    if (!(await askForBlob(client, blob))) await sendBlob(client, blob, 'put');
  }
}
