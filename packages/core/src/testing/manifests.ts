import { digestOf } from '../digest.ts';

/** Media type of an ordinary layer. */
export const layerType = 'application/vnd.oci.image.layer.v1.tar+gzip';

/** A descriptor of `content`; `fields` override its own, valid or not. */
export function descriptor(content: string, mediaType: unknown = layerType, fields: object = {}): object {
  return { mediaType, digest: digestOf(content), size: content.length, ...fields };
}

/** An image manifest without a mediaType; `fields` override its own, valid or not. */
export function image(fields: object = {}): object {
  return {
    schemaVersion: 2,
    config: descriptor('config', 'application/vnd.oci.image.config.v1+json'),
    layers: [descriptor('layer')],
    ...fields,
  };
}

/** An index without a mediaType; `fields` override its own, valid or not. */
export function index(fields: object = {}): object {
  return {
    schemaVersion: 2,
    manifests: [descriptor('child', 'application/vnd.oci.image.manifest.v1+json')],
    ...fields,
  };
}

/** A value as JSON in UTF-8. */
export function encode(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
