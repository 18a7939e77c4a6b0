import { versionLine } from '@mcr/core';
import yargs from 'yargs';

/** A parsed command line: a text to print (help, version), or a command with a configuration. */
export type Invocation =
  | { readonly text: string }
  | { readonly command: 'server' | 'check'; readonly configFile: string; readonly json: boolean };

/** The command line is invalid; `message` says how and where to find help. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const helpColumns = 80;

const notes = `Each key can be overridden by a variable, such as MCR_WEB_LISTEN_ADDR

Examples:
  # Serve as the file says
  mcr-web server --config /srv/mcr/mcr.toml
  # The same on another port
  MCR_WEB_LISTEN_ADDR=:8081 mcr-web server --config mcr.toml`;

const checkNotes = `Exits with 1 when there are problems; warnings do not prevent a start

Examples:
  # Before a restart, as the user that it runs as
  mcr-web check --config /srv/mcr/mcr.toml`;

const configOption = {
  type: 'string',
  requiresArg: true,
  demandOption: true,
  describe: 'Path of mcr.toml; reads its [web] and [log] sections',
} as const;

/** Parses a command line. Throws a UsageError. */
export async function parseArguments(argv: readonly string[]): Promise<Invocation> {
  let invocation: Invocation | undefined;
  let text = '';
  await yargs()
    .scriptName('mcr-web')
    .usage('$0 <command>\n\nWeb interface of the MCR registry')
    .locale('en')
    .parserConfiguration({ 'duplicate-arguments-array': false })
    .command(
      'server',
      'Serve the web UI until SIGTERM or SIGINT',
      (command) => command.option('config', configOption).epilogue(notes),
      ({ config }) => {
        invocation = { command: 'server', configFile: config, json: false };
      },
    )
    .command(
      'check',
      'Check a configuration without starting the web UI',
      (command) =>
        command
          .option('config', configOption)
          .option('json', { type: 'boolean', default: false, describe: 'Print problems and warnings as JSON' })
          .epilogue(checkNotes),
      ({ config, json }) => {
        invocation = { command: 'check', configFile: config, json };
      },
    )
    .epilogue(notes)
    .version(versionLine)
    .help()
    .alias('help', 'h')
    .strict()
    .demandCommand(1, 'no command given')
    .fail((message, error) => {
      throw new UsageError(`${message || error.message}; see mcr-web --help`);
    })
    .exitProcess(false)
    .wrap(helpColumns)
    .parseAsync(argv, {}, (_error, _args, output) => {
      text = output;
    });
  return invocation ?? { text: `${text}\n` };
}
