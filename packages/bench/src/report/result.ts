import type { Findings } from '../findings.ts';
import type { Group } from '../workload.ts';
import type { Busyness } from './busyness.ts';
import type { Disk } from './disk.ts';

/** What a reader needs to interpret the figures. */
export interface Conditions {
  readonly date: string;
  /** `git describe` of the checkout. */
  readonly commit: string;
  readonly kernel: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  /** How busy the machine was before the run, and after it. */
  readonly start: Busyness;
  readonly end: Busyness;
  /** What the contenders keep their data on. */
  readonly disk: Disk;
  readonly node: string;
  readonly scale: string;
  readonly rounds: number;
  /** The selected groups and workloads; all when empty. */
  readonly only: string;
  /** Names of other builds of MCR among the contenders; absent in results of older versions. */
  readonly beside?: readonly string[];
  readonly minutes: number;
  readonly contenders: readonly { readonly name: string; readonly version: string; readonly conditions: string }[];
}

/** What is known before a run begins. */
export type StaticConditions = Omit<Conditions, 'start' | 'end' | 'minutes'>;

/** A group as the report needs it. */
export type GroupNote = Pick<Group, 'name' | 'about' | 'chart' | 'comparisons'> & {
  readonly contenders: readonly string[];
};

/** A run: what `--json` writes and `--from` reads. */
export interface Result extends Findings {
  readonly conditions: Conditions;
  readonly groups: readonly GroupNote[];
}
