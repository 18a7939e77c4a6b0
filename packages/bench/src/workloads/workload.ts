import type { RunningPeer } from '../peers/peer.ts';

/** How much to do: everything, or what fits into a few seconds. */
export interface Scale {
  readonly quick: boolean;
}

/** Something that is measured on every peer in the same way. */
export interface Workload {
  readonly name: string;
  /** What `units` counts. */
  readonly unit: 'requests' | 'MiB' | 'images';
  /** Does the work; `prepare` comes first and is not measured. Returns the number of units done. */
  prepare(peer: RunningPeer, scale: Scale): Promise<() => Promise<number>>;
}
