import type { Options } from 'yargs';

/** A positional argument. */
export interface Positional {
  readonly describe: string;
  readonly choices?: readonly string[];
  /** It stands in brackets in the command's name. */
  readonly optional?: true;
}

/** An option: what yargs takes, and how the help shows it. */
export type Option = Options & {
  /** Placeholder of its value in the help (default: its name in capitals). */
  readonly value?: string;
  /** Hidden aliases of its name. */
  readonly oldNames?: readonly string[];
};
