import type { ArgumentsOf, CommandData, Option, Positional } from '@mcr/cli';

/** A command as data, and what it does. */
export interface Command<
  O extends Record<string, Option> = Record<string, Option>,
  P extends Record<string, Positional> = Record<string, Positional>,
> extends CommandData<O, P> {
  /** Throws a CliError for errors that the operator can fix. */
  run(args: ArgumentsOf<O, P>): Promise<void>;
}

/** Infers the types of the arguments from options and positionals. */
export function defineCommand<
  const O extends Record<string, Option>,
  const P extends Record<string, Positional> = Record<string, never>,
>(command: Command<O, P>): Command {
  return command;
}
