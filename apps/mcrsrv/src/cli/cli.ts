import { CliError, CliExit, errorText, findText, type Program, UsageError } from '@mcr/cli';
import { ConfigError, StartError } from '@mcr/config';
import { RegistryError, versionLine } from '@mcr/core';
import { load } from '../start/load.ts';
import { accountCommands } from './account/index.ts';
import { adoptCommand } from './adopt.ts';
import { checkCommand } from './check.ts';
import type { Command } from './command.ts';
import { fsckCommand } from './fsck.ts';
import { healthCommand } from './health.ts';
import { initCommand } from './init.ts';
import { migrateCommand } from './migrate.ts';
import { say } from './output.ts';
import { restoreCommand } from './restore.ts';
import { serverCommand } from './server.ts';
import { snapshotCommand } from './snapshot.ts';

const exitOk = 0;
const exitFailed = 1;
const defaultColumns = 100;

/** `mcrsrv`, with its commands in the order of the help. */
export const program: Program<Command> = {
  name: 'mcrsrv',
  describe: 'The MCR container registry server',
  version: versionLine,
  commands: [
    serverCommand,
    initCommand,
    snapshotCommand,
    restoreCommand,
    fsckCommand,
    adoptCommand,
    migrateCommand,
    checkCommand,
    healthCommand,
    ...accountCommands,
  ],
  groups: { account: 'Local accounts' },
  globalOptions: {},
  examples: [
    ['mcrsrv init --dir /srv/mcr', 'Create a configuration, certificates and an admin account'],
    ['mcrsrv server --config /srv/mcr/mcr.toml', 'Run the registry'],
  ],
};

/** Parsing has checked the arguments of a command against its options and positionals. */
type Arguments = Parameters<Command['run']>[0];

/** Runs `mcrsrv` with these arguments; resolves with the exit code: 0, 1 failed, 2 usage. */
export async function runCli(argv: readonly string[]): Promise<number> {
  try {
    const text = findText(argv, program, process.stdout.columns ?? defaultColumns);
    if (text !== undefined) process.stdout.write(text);
    else await runCommand(argv);
    return exitOk;
  } catch (error) {
    return error instanceof CliExit ? error.exitCode : explain(error);
  }
}

async function runCommand(argv: readonly string[]): Promise<void> {
  const { parseCommandLine } = await load(() => import('@mcr/cli/parse'));
  const { command, args } = await parseCommandLine(argv, program);
  await command.run(args as Arguments);
}

function explain(error: unknown): number {
  if (error instanceof UsageError) {
    process.stderr.write(errorText(error));
    return error.exitCode;
  }
  const expected = [CliError, ConfigError, StartError, RegistryError].some((kind) => error instanceof kind);
  if (expected) say(`mcrsrv: ${(error as Error).message}`);
  else say(`mcrsrv: ${error instanceof Error ? describe(error) : String(error)}`);
  return error instanceof CliError ? error.exitCode : exitFailed;
}

/** An operator can act on a message; the stack is for bug reports. */
function describe(error: Error): string {
  return process.env.MCR_DEBUG === undefined ? error.message : (error.stack ?? error.message);
}
