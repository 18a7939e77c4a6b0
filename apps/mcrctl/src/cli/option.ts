import type { Options } from 'yargs';

/** What the shell can be told about a value; the server knows the names. */
export type Completion = 'repository' | 'tag' | 'account' | 'rule' | 'file';

/** A positional argument. */
export interface Positional {
  readonly describe: string;
  readonly choices?: readonly string[];
  readonly complete?: Completion;
  /** It stands in brackets in the command's name. */
  readonly optional?: true;
}

/** An option: what yargs takes, and how the shell completes its value. */
export type Option = Options & {
  readonly complete?: Completion;
  /** What stands for its value in the help; its name in capitals when absent. */
  readonly value?: string;
  /** Names that work as its own does, and are shown nowhere. */
  readonly oldNames?: readonly string[];
};
