import { ConfigError, StartError } from '@mcr/config';
import { RegistryError, versionLine } from '@mcr/core';
import yargs from 'yargs';
import { accountCommand } from './account/index.ts';
import { adoptCommand } from './adopt.ts';
import { checkCommand } from './check.ts';
import { fsckCommand } from './fsck.ts';
import { healthCommand } from './health.ts';
import { initCommand } from './init.ts';
import { CliError, CliExit, say } from './output.ts';
import { restoreCommand } from './restore.ts';
import { serverCommand } from './server.ts';
import { snapshotCommand } from './snapshot.ts';

const exitOk = 0;
const exitFailed = 1;
const exitUsage = 2;

/** Marks errors of yargs itself, apart from those of a command. */
class UsageError extends Error {}

/** Runs `mcrsrv` with these arguments; resolves with the exit code: 0, 1 failed, 2 usage. */
export async function runCli(argv: readonly string[]): Promise<number> {
  const parser = yargs([...argv])
    .scriptName('mcrsrv')
    .usage('$0 <command>\n\nThe MCR container registry server.')
    .command(serverCommand)
    .command(initCommand)
    .command(snapshotCommand)
    .command(restoreCommand)
    .command(fsckCommand)
    .command(adoptCommand)
    .command(checkCommand)
    .command(healthCommand)
    .command(accountCommand)
    .demandCommand(1, 'Say what to do: server, init, snapshot, restore, fsck, adopt, check, health or account')
    .strict()
    .version(versionLine)
    .help()
    .alias('help', 'h')
    .example('$0 init --dir /srv/mcr', 'create a configuration, certificates and an admin account')
    .example('$0 server --config /srv/mcr/mcr.toml', 'run the registry')
    .wrap(Math.min(120, process.stdout.columns ?? 100))
    .exitProcess(false)
    .fail((message, error) => {
      // yargs passes on the words of a check as an error, too.
      throw error instanceof Error ? error : new UsageError(message);
    });
  try {
    await parser.parseAsync();
    return exitOk;
  } catch (error) {
    return error instanceof CliExit ? error.exitCode : explain(error);
  }
}

function explain(error: unknown): number {
  if (error instanceof UsageError) {
    say(`${error.message}\nSee mcrsrv --help`);
    return exitUsage;
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
