import { type Digest, parseDigest } from '@mcr/core';

/** A blob that manifests of a repository reference: a layer, a config, or a file of an artifact. */
export interface Layer {
  readonly digest: Digest;
  readonly size: number;
  /** Manifests of the repository that reference it, at most 1000. */
  readonly images: number;
  /** Repositories whose manifests reference it, at most 1000. */
  readonly repositories: number;
}

/** How far uses of a layer are counted. */
export const maxUses = 1_000;
/** Layers of a repository that are looked at for the largest ones. */
export const maxLayers = 100_000;

/** Where a layer stands in the order of lists, from the largest. */
export type LayerPlace = Pick<Layer, 'digest' | 'size'>;

/** Compares by size from the largest, and by digest among equals. */
export function byWeight(a: LayerPlace, b: LayerPlace): number {
  return b.size - a.size || (a.digest < b.digest ? -1 : 1);
}

/** Whether a layer comes before another one in lists. */
export function beforeLayer(place: LayerPlace, layer: LayerPlace): boolean {
  return place.digest !== layer.digest && byWeight(place, layer) < 0;
}

/** The place that a cursor names: size and digest with a space between. */
export function placeOfLayer(cursor: string): LayerPlace | undefined {
  if (cursor === '') return undefined;
  const [size = '', digest = ''] = cursor.split(' ');
  return { size: Number(size), digest: parseDigest(digest) };
}
