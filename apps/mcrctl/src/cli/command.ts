import type { InferredOptionTypes, Options } from 'yargs';
import type { CommandContext } from './context.ts';

/** A command as data: what it is called, what it takes, how its help reads, and the few lines that it does. */
export interface Command<O extends Record<string, Options> = Record<string, Options>> {
  /** Name and positional arguments, such as `repo show <name>`. */
  readonly name: string;
  /** One line, no trailing period. */
  readonly describe: string;
  /** Options beside the global ones. */
  readonly options: O;
  /** At least one: what to type, and what that does. */
  readonly examples: readonly (readonly [line: string, effect: string])[];
  /** Throws a CliError for what the person can put right. */
  run(context: CommandContext, args: InferredOptionTypes<O>): Promise<void>;
}

/** Ties the type of the arguments to the options. */
export function defineCommand<const O extends Record<string, Options>>(command: Command<O>): Command {
  return command;
}
