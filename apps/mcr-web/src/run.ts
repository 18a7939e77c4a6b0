import { CliError, CliExit, errorText, findText, type Program } from '@mcr/cli';
import { ConfigError, StartError } from '@mcr/config';
import { versionLine } from '@mcr/core';
import { checkCommand } from './cli/check.ts';
import type { Command, Surroundings } from './cli/command.ts';
import { serverCommand, serverExamples, variablesNote } from './cli/server.ts';

const helpColumns = 80;

/** `mcr-web`, with its commands in the order of the help. */
export const program: Program<Command> = {
  name: 'mcr-web',
  describe: 'Web interface of the MCR registry',
  version: versionLine,
  commands: [serverCommand, checkCommand],
  groups: {},
  globalOptions: {},
  examples: serverExamples,
  notes: [variablesNote],
};

/** Runs one command line and returns the exit code: 0 success, 1 failure, 2 invalid usage. Rethrows bugs. */
export async function run(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    const text = findText(argv, program, helpColumns);
    if (text !== undefined) surroundings.stdout(text);
    else await runCommand(argv, surroundings);
    return 0;
  } catch (error) {
    if (error instanceof CliExit) return error.exitCode;
    const known = error instanceof ConfigError || error instanceof StartError ? new CliError(error.message) : error;
    if (!(known instanceof CliError)) throw known;
    surroundings.stderr(errorText(known));
    return known.exitCode;
  }
}

async function runCommand(argv: readonly string[], surroundings: Surroundings): Promise<void> {
  const { parseCommandLine } = await import('@mcr/cli/parse');
  const { command, args } = await parseCommandLine(argv, program);
  await command.run(surroundings, args);
}
