import { link, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Digest, digestAlgorithm, digestHex } from '@mcr/core';
import { descriptorOf, type TestBlob } from './blobs.ts';
import type { TestImage, TestIndex, TestManifest } from './images.ts';

/**
 * Writes an image or an index as an OCI layout (image-spec image-layout.md) into `directory`, which clients read as
 * `oci:directory:tag`. Blobs in files are hard-linked, so they must be on the same device.
 */
export async function writeOciLayout(directory: string, content: TestImage | TestIndex, tag: string): Promise<void> {
  await writeFile(join(await made(directory), 'oci-layout'), JSON.stringify({ imageLayoutVersion: '1.0.0' }));
  const images = 'images' in content ? content.images : [content];
  for (const image of images) {
    for (const blob of image.blobs) await writeBlob(directory, blob);
    await writeManifest(directory, image.manifest);
  }
  if ('images' in content) await writeManifest(directory, content.manifest);

  const top = { ...descriptorOf(content.manifest), annotations: { 'org.opencontainers.image.ref.name': tag } };
  await writeFile(join(directory, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [top] }));
}

/** Where an OCI layout keeps the content of a digest. */
export function layoutPath(directory: string, digest: Digest): string {
  return join(directory, 'blobs', digestAlgorithm(digest), digestHex(digest));
}

async function writeBlob(directory: string, blob: TestBlob): Promise<void> {
  const path = await blobPath(directory, blob.digest);
  if (blob.content instanceof Uint8Array) await writeFile(path, blob.content);
  else await link(blob.content.path, path);
}

async function writeManifest(directory: string, { digest, bytes }: TestManifest): Promise<void> {
  await writeFile(await blobPath(directory, digest), bytes);
}

async function blobPath(directory: string, digest: Digest): Promise<string> {
  await made(join(directory, 'blobs', digestAlgorithm(digest)));
  return layoutPath(directory, digest);
}

async function made(directory: string): Promise<string> {
  await mkdir(directory, { recursive: true });
  return directory;
}
