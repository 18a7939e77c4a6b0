import { Readable } from 'node:stream';
import { type Digest, digestOf, mediaTypes, type RepositoryName, type Tag } from '@mcr/core';
import type { BlobRecord } from '@mcr/db';
import { mountBlob } from '../../src/services/blobs/mount.ts';
import { statBlob } from '../../src/services/blobs/stat.ts';
import { deleteManifest } from '../../src/services/manifests/delete.ts';
import { putManifest } from '../../src/services/manifests/put.ts';
import { appendToUpload } from '../../src/services/uploads/append.ts';
import { finishUpload } from '../../src/services/uploads/finish.ts';
import { pushWholeBlob } from '../../src/services/uploads/push-whole.ts';
import { startUpload } from '../../src/services/uploads/start.ts';
import type { UploadPart } from '../../src/services/uploads/write.ts';
import { app, caller, type Registry } from './_registry.ts';

/** A part of an upload that is all there at once. */
export function partOf(text: string): UploadPart {
  const bytes = Buffer.from(text);
  return { length: bytes.byteLength, source: Readable.from(bytes.byteLength > 0 ? [bytes] : []), cancel: () => {} };
}

/** Pushes a blob in one request; resolves when the client would see its 201. */
export function push({ services }: Registry, text: string, repository = app): Promise<BlobRecord> {
  return pushWholeBlob(services, caller, repository, digestOf(text), partOf(text));
}

/** Pushes a blob as most clients do: POST, PATCH, PUT. */
export async function pushInSteps({ services }: Registry, text: string, repository = app): Promise<BlobRecord> {
  const { id } = await startUpload(services, caller, repository);
  await appendToUpload(services, caller, { repository, id }, partOf(text));
  return await finishUpload(services, caller, { repository, id }, digestOf(text), partOf(''));
}

/** HEAD: the client now relies on the blob. `BLOB_UNKNOWN` when it has to send it. */
export async function head({ services }: Registry, digest: Digest, repository = app): Promise<BlobRecord> {
  return (await statBlob(services, caller, repository, digest)).blob;
}

export function mount(
  { services }: Registry,
  digest: Digest,
  repository: RepositoryName,
  from = app,
): Promise<BlobRecord | undefined> {
  return mountBlob(services, caller, repository, digest, from);
}

export interface ManifestOptions {
  readonly repository?: RepositoryName;
  readonly tag?: Tag;
  readonly children?: readonly Digest[];
  readonly subject?: Digest;
}

/** Pushes a manifest of one config and layers, or an index of `children`. */
export async function pushManifest(
  { services }: Registry,
  layers: readonly string[],
  { repository = app, tag, children, subject }: ManifestOptions = {},
): Promise<Digest> {
  const [config = '', ...rest] = layers;
  const content = children === undefined ? imageOf(config, rest, subject) : indexOf(children);
  const bytes = Buffer.from(JSON.stringify(content));
  const { digest } = await putManifest(services, caller, {
    repository,
    reference: tag === undefined ? { kind: 'digest', digest: digestOf(bytes) } : { kind: 'tag', tag },
    tags: [],
    contentType: content.mediaType,
    readContent: async () => bytes,
  });
  return digest;
}

/** The digest of the manifest that `pushManifest` pushes for these layers. */
export function manifestDigest([config = '', ...rest]: readonly string[]): Digest {
  return digestOf(Buffer.from(JSON.stringify(imageOf(config, rest, undefined))));
}

export function removeManifest({ services }: Registry, digest: Digest, repository = app): Promise<void> {
  return deleteManifest(services, caller, repository, { kind: 'digest', digest });
}

function imageOf(config: string, layers: readonly string[], subject: Digest | undefined) {
  return {
    schemaVersion: 2,
    mediaType: mediaTypes.ociManifest,
    config: descriptor('application/vnd.oci.image.config.v1+json', config),
    layers: layers.map((text) => descriptor('application/vnd.oci.image.layer.v1.tar', text)),
    ...(subject !== undefined && { subject: { mediaType: mediaTypes.ociManifest, digest: subject, size: 2 } }),
  };
}

function indexOf(children: readonly Digest[]) {
  const manifests = children.map((digest) => ({ mediaType: mediaTypes.ociManifest, digest, size: 2 }));
  return { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests };
}

function descriptor(mediaType: string, text: string) {
  return { mediaType, digest: digestOf(text), size: Buffer.byteLength(text) };
}
