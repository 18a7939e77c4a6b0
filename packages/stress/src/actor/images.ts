import { digestOf, mediaTypes } from '@mcr/core';
import { buildImage, seededBytes } from '@mcr/testkit';
import type { Pushable } from '../model/ledger.ts';
import { Random } from '../random.ts';
import { askForBlob, sendBlob } from './blobs.ts';
import type { Client } from './client.ts';
import { pushManifest } from './manifests.ts';

/** What images are made of: base layers, which many share, and others, of which some are always about to become garbage. */
export interface Material {
  readonly images: number;
  readonly baseLayers: number;
  readonly otherLayers: number;
  /** Bytes. */
  readonly largestLayer: number;
  /** Of the first base layer. */
  readonly largeLayer?: number;
}

/** The images that all clients push, the same for the same seed; some have sha512 digests. */
export async function makeImages(seed: string, material: Material): Promise<Pushable[]> {
  const { images, baseLayers, otherLayers, largestLayer, largeLayer } = material;
  const random = new Random(`${seed} images`);
  const layer = (name: string) => seededBytes(`${seed} ${name}`, 1 + random.below(largestLayer));
  const bases = Array.from({ length: baseLayers }, (_, n) => layer(`base ${n}`));
  if (largeLayer !== undefined) bases[0] = seededBytes(`${seed} large`, largeLayer);
  const others = Array.from({ length: otherLayers }, (_, n) => layer(`other ${n}`));
  const built: Pushable[] = [];
  for (let n = 0; n < images; n += 1) {
    const layers = [random.pick(bases), ...Array.from({ length: random.below(4) }, () => random.pick(others))];
    const algorithm = n % 7 === 6 ? 'sha512' : 'sha256';
    built.push(await buildImage({ layers, annotations: { number: String(n) }, algorithm }));
  }
  return built;
}

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

/** An index of images. */
export function indexOf(
  images: readonly Pick<Pushable['manifest'], 'mediaType' | 'digest' | 'size'>[],
  name = '',
): Pushable {
  const mediaType = mediaTypes.ociIndex;
  const manifests = images.map(({ mediaType, digest, size }) => ({ mediaType, digest, size }));
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, manifests, annotations: { name } }));
  return { manifest: { mediaType, digest: digestOf(bytes), size: bytes.byteLength, bytes }, blobs: [] };
}

/** An index that lists so many images, none of which is there: one row of the database for each. */
export function buildLargeIndex(entries: number, name: string): Pushable {
  const entry = (n: number) => ({ mediaType: mediaTypes.ociManifest, digest: digestOf(`${name} ${n}`), size: 1 });
  return indexOf(
    Array.from({ length: entries }, (_, n) => entry(n)),
    name,
  );
}
