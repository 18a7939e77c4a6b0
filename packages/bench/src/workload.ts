import type { Contender, RunningPeer } from './peers/peer.ts';
import type { Scale } from './scale.ts';

/**
 * What one round found, by the name of the metric with its unit: `requests/s`, `CPU ms/request`, `peak RSS MB`. More is
 * better where the unit is a rate, less everywhere else.
 */
export type Figures = Readonly<Record<string, number>>;

/** Something that is measured on every contender in the same way. */
export interface Workload {
  readonly name: string;
  /** Whether what is no registry can serve it too, which shows what the load generator, and Node, are able to do. */
  readonly isStatic?: boolean;
  /** Prepares the peer, does the work and measures it. */
  measure(peer: RunningPeer, scale: Scale): Promise<Figures>;
}

/** Workloads on the same contenders, which take turns at each of them, and are started once a round. */
export interface Group {
  readonly name: string;
  /** What a reader should know, in a sentence or two. */
  readonly about: string;
  readonly chart: 'bars' | 'lines';
  readonly contenders: readonly Contender[];
  /** Run what is static only. */
  readonly responders?: readonly Contender[];
  /** Are run for some seconds before the others, and forgotten. */
  readonly warmUps?: readonly Workload[];
  /** Which contenders the report divides by which, by name. */
  readonly comparisons: readonly (readonly [subject: string, baseline: string])[];
  readonly workloads: readonly Workload[];
  /** Removes what is kept between rounds. */
  readonly dispose?: () => Promise<void>;
}
