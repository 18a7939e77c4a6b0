import type { Command } from './command.ts';

/** What commands there are. */
export interface CommandSet {
  readonly commands: readonly Command[];
  /** What each noun is about: `repo list` and `repo get` are commands of `repo`. */
  readonly groups: Readonly<Record<string, string>>;
}
