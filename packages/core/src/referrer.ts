import { isJsonObject, parseAnnotations } from './descriptor.ts';
import { mediaTypes } from './media-types.ts';
import { parseStrictJson } from './strict-json.ts';

/** A referrer, as the referrers list contains it (distribution-spec, "Listing Referrers"). */
export interface ReferrerDescriptor {
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  readonly digest: string;
  readonly artifactType?: string;
  /** All annotations of the manifest; absent if it has none. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The response to a referrers request: an image index. */
export interface ReferrersIndex {
  readonly schemaVersion: 2;
  readonly mediaType: typeof mediaTypes.ociIndex;
  readonly manifests: readonly ReferrerDescriptor[];
}

/** Annotations of a stored manifest, whose content `parseManifest` accepted when it was pushed. */
export function annotationsOfContent(content: Uint8Array): Readonly<Record<string, string>> {
  const body = parseStrictJson(content);
  return parseAnnotations(isJsonObject(body) ? body['annotations'] : undefined, 'annotations');
}

/** The descriptor of a stored manifest with these annotations. */
export function describeReferrer(
  manifest: {
    readonly digest: string;
    readonly mediaType: string;
    readonly size: number;
    readonly artifactType?: string;
  },
  annotations: Readonly<Record<string, string>>,
): ReferrerDescriptor {
  return {
    mediaType: manifest.mediaType,
    size: manifest.size,
    digest: manifest.digest,
    ...(manifest.artifactType !== undefined && { artifactType: manifest.artifactType }),
    ...(Object.keys(annotations).length > 0 && { annotations }),
  };
}

/** The index that lists `descriptors` (distribution-spec, "Listing Referrers"). */
export function referrersIndex(descriptors: readonly ReferrerDescriptor[]): ReferrersIndex {
  return { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: descriptors };
}
