import { type ArgumentsOf, CliError, type CommandData, type Option } from '@mcr/cli';
import type { Environment } from '@mcr/config';
import { nodeVersionProblem } from '@mcr/core';

/** The parts of the process that the program uses. */
export interface Surroundings {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly env: Environment;
  /** Aborted when the process is asked to stop. */
  readonly stop: AbortSignal;
}

/** A command as data, and what it does. */
export interface Command<O extends Record<string, Option> = Record<string, Option>> extends CommandData<O> {
  /** Throws a CliError for errors that the operator can fix. */
  run(surroundings: Surroundings, args: ArgumentsOf<O, object>): Promise<void>;
}

/** Infers the types of the arguments from the options. */
export function defineCommand<const O extends Record<string, Option>>(command: Command<O>): Command {
  return command;
}

/** The option that every command has. */
export const configOption = {
  config: {
    type: 'string',
    requiresArg: true,
    demandOption: true,
    value: 'FILE',
    describe: 'Path of mcr.toml; reads its [web] and [log] sections (required)',
  },
} as const satisfies Record<string, Option>;

/** Throws a CliError on a Node that is too old. */
export function assertNode(): void {
  const problem = nodeVersionProblem(process.versions.node);
  if (problem !== undefined) throw new CliError(problem);
}
