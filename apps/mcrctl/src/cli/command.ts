import type { InferredOptionTypes } from 'yargs';
import type { FieldDescription } from '../output/field.ts';
import type { CommandContext } from './context.ts';
import type { GlobalArguments } from './global-options.ts';
import type { Option, Positional } from './option.ts';

type PositionalTypes<P> = {
  readonly [Name in keyof P]: P[Name] extends { readonly optional: true } ? string | undefined : string;
};

/** A command as data: its name, its arguments, its help, and the few lines that it executes. */
export interface Command<
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
  readonly examples: readonly (readonly [line: string, effect: string])[];
  /** The output of `--json`; absent if there is nothing to print. */
  readonly fields?: readonly FieldDescription[];
  /** `--json` also accepts an object, as text. */
  readonly jsonBody?: boolean;
  /** Throws a CliError for errors that the user can fix. */
  run(context: CommandContext, args: InferredOptionTypes<O> & PositionalTypes<P> & GlobalArguments): Promise<void>;
}

/** Infers the types of the arguments from options and positionals. */
export function defineCommand<
  const O extends Record<string, Option>,
  const P extends Record<string, Positional> = Record<string, never>,
>(command: Command<O, P>): Command {
  return command;
}

/** What commands there are. */
export interface CommandSet {
  readonly commands: readonly Command[];
  /** What each noun is about: `repo list` and `repo get` are commands of `repo`. */
  readonly groups: Readonly<Record<string, string>>;
}
