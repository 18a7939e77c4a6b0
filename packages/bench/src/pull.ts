import { mediaTypes } from '@mcr/core';
import { type Address, type Connection, requestHead } from './connection.ts';
import type { Image } from './content.ts';
import { expectStatus } from './push.ts';

/** Pulls an image as clients do: the manifest by tag, then config and layers. */
export async function pullImage(connection: Connection, peer: Address, image: Image): Promise<void> {
  const base = `/v2/${image.repository}`;
  const accept = { Accept: mediaTypes.ociManifest };
  const manifest = requestHead(peer, 'GET', `${base}/manifests/${image.tag}`, accept);
  await expectStatus(200, connection.send(manifest));
  for (const { digest } of image.blobs) {
    await expectStatus(200, connection.send(requestHead(peer, 'GET', `${base}/blobs/${digest}`)));
  }
}
