import {
  type Descriptor,
  invalidManifest,
  isJsonObject,
  type JsonObject,
  parseAnnotations,
  parseDescriptor,
  parseList,
  parseOptionalString,
} from './descriptor.ts';
import { type Digest, isDigest } from './digest.ts';
import { RegistryError } from './errors.ts';
import { imageManifestTypes, indexTypes, mediaTypes, nondistributableLayerTypes } from './media-types.ts';
import { listedPlatforms } from './platform.ts';
import { parseStrictJson, StrictJsonError } from './strict-json.ts';

/** Maximum size of a manifest: the minimum that a registry must accept, and the maximum that clients read. */
export const maxManifestSize = 4 * 1024 * 1024;

/** The content of a manifest that the registry needs. */
export interface ParsedManifest {
  /** One of the four accepted types, without parameters. */
  readonly mediaType: string;
  readonly kind: 'image' | 'index';
  /** `artifactType` of the manifest, or the config's media type of an image; absent for an index without its own. */
  readonly artifactType?: string;
  /** Digest of the manifest that this one refers to; it need not exist. */
  readonly subject?: string;
  /** Config and layers that must be present, each once. Digests of unknown algorithms are omitted. */
  readonly blobs: readonly Digest[];
  /** Blobs that may be absent, each once: layers to be fetched from elsewhere, and the children of an index. */
  readonly optionalBlobs: readonly Digest[];
  /** Digests that an index lists, of any algorithm, each once. */
  readonly children: readonly string[];
  readonly annotations: Readonly<Record<string, string>>;
  /** Media type of an image's config; absent for an index. */
  readonly configMediaType?: string;
  /**
   * The config of an image, which contains its platform; absent for an index, and for a digest of an unknown algorithm.
   */
  readonly config?: Digest;
  /** Platforms that an index lists, each once; absent for an image. */
  readonly platforms?: readonly string[];
}

/**
 * Parses a pushed image manifest or index (image-spec manifest.md and image-index.md). The type is that of
 * `contentType`, the header of the request, or else the body's `mediaType`, or else inferred from its fields. Whatever
 * the spec leaves open is accepted. Throws `MANIFEST_INVALID` with `detail` `{ field }` or `{ reason }`.
 */
export function parseManifest(content: Uint8Array, contentType: string | undefined): ParsedManifest {
  const body = parseBody(content);
  checkSchemaVersion(body);
  const mediaType = chooseMediaType(body, contentType);
  return indexTypes.has(mediaType) ? parseIndex(body, mediaType) : parseImage(body, mediaType);
}

function parseBody(content: Uint8Array): JsonObject {
  try {
    const body = parseStrictJson(content);
    if (isJsonObject(body)) return body;
  } catch (error) {
    if (!(error instanceof StrictJsonError)) throw error;
    throw new RegistryError('MANIFEST_INVALID', `The manifest cannot be read. ${error.message}`, {
      detail: { reason: error.message },
      cause: error,
    });
  }
  throw new RegistryError('MANIFEST_INVALID', 'The manifest must be a JSON object', {
    detail: { reason: 'not an object' },
  });
}

function checkSchemaVersion(body: JsonObject): void {
  const version = body['schemaVersion'];
  if (version === 2) return;
  const message =
    version === 1
      ? 'Manifests of schemaVersion 1 are not accepted; push the image with a client that writes schemaVersion 2'
      : 'schemaVersion must be 2';
  throw invalidManifest(message, 'schemaVersion');
}

/** The header, the body's `mediaType` and the body's fields must not contradict each other (CVE-2021-41190). */
function chooseMediaType(body: JsonObject, contentType: string | undefined): string {
  const declared = contentType?.split(';', 1)[0]?.trim() || undefined;
  const own = parseOptionalString(body['mediaType'], 'mediaType');
  if (declared !== undefined && own !== undefined && declared !== own) {
    throw invalidManifest(
      `mediaType must be equal to the Content-Type ${shorten(declared)}, and is ${shorten(own)}`,
      'mediaType',
    );
  }
  const mediaType = declared ?? own ?? sniffMediaType(body);
  if (imageManifestTypes.has(mediaType) || indexTypes.has(mediaType)) return mediaType;
  const accepted = [...imageManifestTypes, ...indexTypes].join(', ');
  throw invalidManifest(`The media type ${shorten(mediaType)} is not accepted; use one of ${accepted}`, 'mediaType');
}

function sniffMediaType(body: JsonObject): string {
  if (Object.hasOwn(body, 'manifests')) return mediaTypes.ociIndex;
  if (Object.hasOwn(body, 'config') || Object.hasOwn(body, 'layers')) return mediaTypes.ociManifest;
  throw invalidManifest(
    'The manifest has neither a Content-Type nor a mediaType, and its fields do not identify its type',
    'mediaType',
  );
}

function parseImage(body: JsonObject, mediaType: string): ParsedManifest {
  rejectFields(body, ['manifests'], 'an image manifest');
  const config = parseDescriptor(body['config'], 'config');
  const layers = parseList(body['layers'], 'layers').map((layer, i) => parseDescriptor(layer, `layers[${i}]`));
  const blobs = storableDigests([config, ...layers.filter((layer) => !isElsewhere(layer))]);
  const required = new Set(blobs);
  return {
    ...parseCommon(body, config.mediaType),
    mediaType,
    kind: 'image',
    configMediaType: config.mediaType,
    ...(isDigest(config.digest) && { config: config.digest }),
    blobs,
    optionalBlobs: storableDigests(layers).filter((digest) => !required.has(digest)),
    children: [],
  };
}

function parseIndex(body: JsonObject, mediaType: string): ParsedManifest {
  rejectFields(body, ['config', 'layers'], 'an index');
  const listed = parseList(body['manifests'], 'manifests');
  const entries = listed.map((entry, i) => parseDescriptor(entry, `manifests[${i}]`));
  return {
    ...parseCommon(body),
    mediaType,
    kind: 'index',
    blobs: [],
    // BuildKit's cache indexes list blobs as if they were manifests
    optionalBlobs: storableDigests(entries),
    children: [...new Set(entries.map((entry) => entry.digest))],
    platforms: listedPlatforms(listed),
  };
}

function parseCommon(
  body: JsonObject,
  configType?: string,
): Pick<ParsedManifest, 'artifactType' | 'subject' | 'annotations'> {
  const artifactType = parseOptionalString(body['artifactType'], 'artifactType') ?? (configType || undefined);
  const subject = body['subject'] ?? undefined;
  return {
    ...(artifactType !== undefined && { artifactType }),
    ...(subject !== undefined && { subject: parseDescriptor(subject, 'subject').digest }),
    annotations: parseAnnotations(body['annotations'], 'annotations'),
  };
}

function rejectFields(body: JsonObject, fields: readonly string[], kind: string): void {
  const field = fields.find((name) => Object.hasOwn(body, name));
  if (field !== undefined)
    throw invalidManifest(`The manifest was pushed as ${kind} and must not have ${field}`, field);
}

function isElsewhere(layer: Descriptor): boolean {
  return layer.hasUrls || nondistributableLayerTypes.has(layer.mediaType);
}

function storableDigests(descriptors: readonly Descriptor[]): readonly Digest[] {
  return [...new Set(descriptors.map((descriptor) => descriptor.digest).filter(isDigest))];
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
