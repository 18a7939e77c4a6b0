import { parseCommandLine } from '@mcr/cli/parse';
import type { Command, CommandSet } from './command.ts';
import { usageError } from './errors.ts';
import { type GlobalArguments, globalOptions } from './global-options.ts';
import { joinJsonValue } from './json-option.ts';

/** A parsed command line. */
export interface Invocation {
  readonly command: Command;
  readonly args: Readonly<Record<string, unknown>> & GlobalArguments;
}

/** Parses a command line. Throws a usage error. */
export async function parseArguments(argv: readonly string[], set: CommandSet): Promise<Invocation> {
  const { command, args } = await parseCommandLine(joinJsonValue(argv, set), set);
  const empty = Object.keys(globalOptions).find((name) => args[name] === '' && name !== 'json');
  if (empty !== undefined) throw usageError(`--${empty} is empty`, 'give it a value, or omit it');
  return { command, args: args as Invocation['args'] };
}
