import type { ArgumentsOf, CommandData, Program } from '@mcr/cli';
import type { FieldDescription } from '../output/field.ts';
import type { CommandContext } from './context.ts';
import type { GlobalArguments } from './global-options.ts';
import type { Option, Positional } from './option.ts';

/** A command as data, and the few lines that it executes. */
export interface Command<
  O extends Record<string, Option> = Record<string, Option>,
  P extends Record<string, Positional> = Record<string, Positional>,
> extends CommandData<O, P> {
  /** The output of `--json`; absent if there is nothing to print. */
  readonly fields?: readonly FieldDescription[];
  /** `--json` also accepts an object, as text. */
  readonly jsonBody?: boolean;
  /** Throws a CliError for errors that the user can fix. */
  run(context: CommandContext, args: ArgumentsOf<O, P> & GlobalArguments): Promise<void>;
}

/** Infers the types of the arguments from options and positionals. */
export function defineCommand<
  const O extends Record<string, Option>,
  const P extends Record<string, Positional> = Record<string, never>,
>(command: Command<O, P>): Command {
  return command;
}

/** The program with its commands. */
export type CommandSet = Program<Command>;
