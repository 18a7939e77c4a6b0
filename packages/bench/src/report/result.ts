import type { Findings } from '../findings.ts';
import type { Group } from '../workload.ts';

/** What a reader needs to judge the figures. */
export interface Conditions {
  readonly date: string;
  /** `git describe` of the checkout. */
  readonly commit: string;
  readonly kernel: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  /** Of one minute, when the run began. */
  readonly load: number;
  readonly node: string;
  readonly scale: string;
  readonly rounds: number;
  readonly minutes: number;
  readonly contenders: readonly { readonly name: string; readonly version: string; readonly conditions: string }[];
}

/** A group as the report needs it. */
export type GroupNote = Pick<Group, 'name' | 'about' | 'chart' | 'comparisons'> & {
  readonly contenders: readonly string[];
};

/** A run: what `--json` writes and `--from` reads. */
export interface Result extends Findings {
  readonly conditions: Conditions;
  readonly groups: readonly GroupNote[];
}
