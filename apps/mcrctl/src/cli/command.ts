import type { InferredOptionTypes } from 'yargs';
import type { FieldDescription } from '../output/field.ts';
import type { CommandContext } from './context.ts';
import type { GlobalArguments } from './global-options.ts';
import type { Option, Positional } from './option.ts';

type PositionalTypes<P> = {
  readonly [Name in keyof P]: P[Name] extends { readonly optional: true } ? string | undefined : string;
};

/** A command as data: what it is called, what it takes, how its help reads, and the few lines that it does. */
export interface Command<
  O extends Record<string, Option> = Record<string, Option>,
  P extends Record<string, Positional> = Record<string, Positional>,
> {
  /** Words and positional arguments, such as `repo get <repository>`. */
  readonly name: string;
  /** Names without arguments, such as `repo show`, that work as its own does, and are shown nowhere. */
  readonly oldNames?: readonly string[];
  /** One line, no trailing period. */
  readonly describe: string;
  /** What the arguments in `name` are. */
  readonly positionals?: P;
  /** Options beside the global ones. */
  readonly options: O;
  /** At least one: what to type, and what that does. */
  readonly examples: readonly (readonly [line: string, effect: string])[];
  /** What `--json` prints; absent where there is nothing to print. */
  readonly fields?: readonly FieldDescription[];
  /** `--json` also takes an object, as text. */
  readonly jsonBody?: boolean;
  /** Throws a CliError for what the person can put right. */
  run(context: CommandContext, args: InferredOptionTypes<O> & PositionalTypes<P> & GlobalArguments): Promise<void>;
}

/** Ties the types of the arguments to options and positionals. */
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
