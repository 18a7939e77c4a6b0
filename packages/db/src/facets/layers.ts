import { type Digest, parseDigest } from '@mcr/core';

/** A blob that manifests of a repository reference: a layer, a config, or a file of an artifact. */
export interface Layer {
  readonly digest: Digest;
  readonly size: number;
  /** Manifests of the repository that reference it. */
  readonly images: number;
  /** Repositories whose manifests reference it. */
  readonly repositories: number;
}

/** Where lists of layers begin: from the largest, and by digest among those of one size. */
const first = { size: Number.MAX_SAFE_INTEGER, digest: '' } as const;

/** The place that a cursor names, size and digest with a space between; the first one without a cursor. */
export function placeOfLayer(cursor: string): { readonly size: number; readonly digest: Digest | '' } {
  if (cursor === '') return first;
  const [size = '', digest = ''] = cursor.split(' ');
  return { size: Number(size), digest: parseDigest(digest) };
}
