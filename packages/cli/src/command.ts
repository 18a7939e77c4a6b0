import type { InferredOptionTypes } from 'yargs';
import type { Option, Positional } from './option.ts';

/** A command as data: its name, its arguments and its help. Programs add what it executes. */
export interface CommandData<
  O extends Record<string, Option> = Record<string, Option>,
  P extends Record<string, Positional> = Record<string, Positional>,
> {
  /** Words and positional arguments, such as `repo get <repository>`. */
  readonly name: string;
  /** Hidden aliases of the name without arguments, such as `repo show`. */
  readonly oldNames?: readonly string[];
  /** One line, no trailing period. */
  readonly describe: string;
  /** The arguments in `name`. */
  readonly positionals?: P;
  /** Options in addition to the global ones. */
  readonly options: O;
  /** At least one: what to type, and its effect. */
  readonly examples: readonly Example[];
  /** Paragraphs below the examples. */
  readonly notes?: readonly string[];
  /** The output of `--json`; absent if there are no fields to choose from. */
  readonly fields?: readonly { readonly name: string }[];
}

/** What to type, and its effect. */
export type Example = readonly [line: string, effect: string];

/** The values of a command's options and positional arguments, by name. */
export type ArgumentsOf<O extends Record<string, Option>, P> = InferredOptionTypes<O> & {
  readonly [Name in keyof P]: P[Name] extends { readonly optional: true } ? string | undefined : string;
};
