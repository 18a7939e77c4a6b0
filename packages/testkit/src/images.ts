import { type Digest, type DigestAlgorithm, digestOf, mediaTypes } from '@mcr/core';
import { blobOf, descriptorOf, type TestBlob, type TestDescriptor } from './blobs.ts';
import { buildLayer, type LayerSource } from './layers.ts';

/** The machine that an image is for (image-spec image-index.md). */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
}

/** The bytes of a manifest or an index, and how to refer to them. */
export interface TestManifest extends TestDescriptor {
  readonly bytes: Uint8Array;
}

/** A complete image: all blobs, each once, config last, and the manifest that refers to them. */
export interface TestImage {
  readonly manifest: TestManifest;
  readonly config: TestBlob;
  /** As in the manifest: in order, with repetitions. */
  readonly layers: readonly TestBlob[];
  readonly blobs: readonly TestBlob[];
  readonly platform: Platform;
}

/** Several images under one index. */
export interface TestIndex {
  readonly manifest: TestManifest;
  readonly images: readonly TestImage[];
}

/** How to build an image. */
export interface ImageOptions {
  readonly layers: readonly LayerSource[];
  readonly platform?: Platform;
  readonly annotations?: Readonly<Record<string, string>>;
  /** The image or blob that this one refers to. */
  readonly subject?: TestDescriptor;
  readonly artifactType?: string;
  /** For the blobs' digests and the manifest's; default: sha256. */
  readonly algorithm?: DigestAlgorithm;
}

/** The platform of images that do not say another, which is the one of most machines that run tests. */
export const defaultPlatform: Platform = { os: 'linux', architecture: 'amd64' };

/** The fields that each manifest has; the others are for its media type to say. */
interface ManifestContent extends Readonly<Record<string, unknown>> {
  readonly mediaType: string;
}

const configType = 'application/vnd.oci.image.config.v1+json';

/** Builds an OCI image in memory (large layers on disk). The same options give the same digests under one version of Node. */
export async function buildImage(options: ImageOptions): Promise<TestImage> {
  const { algorithm = 'sha256', platform = defaultPlatform } = options;
  const built = [];
  for (const [at, source] of options.layers.entries()) built.push(await buildLayer(source, `layer-${at}`, algorithm));
  const layers = built.map(({ blob }) => blob);
  const config = configBlob(
    platform,
    built.map(({ diffId }) => diffId),
    algorithm,
  );
  const manifest = manifestOf(
    {
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      ...(options.artifactType && { artifactType: options.artifactType }),
      config: descriptorOf(config),
      layers: layers.map(descriptorOf),
      ...(options.subject && { subject: descriptorOf(options.subject) }),
      ...(options.annotations && { annotations: options.annotations }),
    },
    algorithm,
  );
  const blobs = [...new Map([...layers, config].map((blob) => [blob.digest, blob])).values()];
  return { manifest, config, layers, blobs, platform };
}

/** Builds an artifact: a manifest with an empty config and one blob, mostly one that refers to a subject. */
export function buildArtifact(options: {
  readonly artifactType: string;
  readonly content: Uint8Array | string;
  readonly subject?: TestDescriptor;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Bytes by which the manifest is longer, in a member that means nothing. */
  readonly padding?: number;
  readonly algorithm?: DigestAlgorithm;
}): TestImage {
  const { algorithm = 'sha256' } = options;
  const config = blobOf('{}', mediaTypes.ociEmpty, algorithm);
  const layer = blobOf(options.content, options.artifactType, algorithm);
  const manifest = manifestOf(
    {
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      artifactType: options.artifactType,
      config: descriptorOf(config),
      layers: [descriptorOf(layer)],
      ...(options.subject && { subject: descriptorOf(options.subject) }),
      ...(options.annotations && { annotations: options.annotations }),
      ...(options.padding !== undefined && { padding: ' '.repeat(options.padding) }),
    },
    algorithm,
  );
  return { manifest, config, layers: [layer], blobs: [layer, config], platform: defaultPlatform };
}

/** Puts images under one OCI index. */
export function buildIndex(
  images: readonly TestImage[],
  options: { readonly algorithm?: DigestAlgorithm; readonly annotations?: Readonly<Record<string, string>> } = {},
): TestIndex {
  const content = {
    schemaVersion: 2,
    mediaType: mediaTypes.ociIndex,
    manifests: images.map(({ manifest, platform }) => ({ ...descriptorOf(manifest), platform })),
    ...(options.annotations && { annotations: options.annotations }),
  };
  return { manifest: manifestOf(content, options.algorithm ?? 'sha256'), images };
}

/** Builds an index of `count` one-layer images, each for another platform. */
export async function buildMultiPlatformIndex(count: number, layerSize = 1024): Promise<TestIndex> {
  const images: TestImage[] = [];
  for (let at = 0; at < count; at += 1) {
    const seed = `platform-${at}`;
    images.push(await buildImage({ layers: [{ size: layerSize, seed }], platform: platformNumber(at) }));
  }
  return buildIndex(images);
}

/** The first is the default platform; the others are variants that no machine has. */
function platformNumber(at: number): Platform {
  return at === 0 ? defaultPlatform : { os: 'linux', architecture: 'arm64', variant: `v${at}` };
}

function manifestOf(content: ManifestContent, algorithm: DigestAlgorithm): TestManifest {
  const bytes = Buffer.from(JSON.stringify(content));
  return { mediaType: content.mediaType, digest: digestOf(bytes, algorithm), size: bytes.byteLength, bytes };
}

function configBlob(platform: Platform, diffIds: readonly Digest[], algorithm: DigestAlgorithm): TestBlob {
  const created = '1970-01-01T00:00:00Z';
  const config = {
    created,
    ...platform,
    config: { Cmd: ['/layer-0'] },
    rootfs: { type: 'layers', diff_ids: diffIds },
    history: diffIds.map(() => ({ created, created_by: 'testkit' })),
  };
  return blobOf(JSON.stringify(config), configType, algorithm);
}
