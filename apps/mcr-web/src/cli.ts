import { versionLine } from '@mcr/core';
import yargs from 'yargs';

/** What the command line asks for: a text to print (help, version), or the server. */
export type Invocation = { readonly text: string } | { readonly configFile: string };

/** The command line is wrong; `message` says how and where the help is. */
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

/** Reads a command line. Throws a UsageError. */
export async function parseArguments(argv: readonly string[]): Promise<Invocation> {
  let configFile: string | undefined;
  let text = '';
  await yargs()
    .scriptName('mcr-web')
    .usage('$0 <command>\n\nThe registry in a browser')
    .locale('en')
    .parserConfiguration({ 'duplicate-arguments-array': false })
    .command(
      'server',
      'Serve the web UI until SIGTERM or SIGINT',
      (command) =>
        command
          .option('config', {
            type: 'string',
            requiresArg: true,
            demandOption: true,
            describe: 'Path of mcr.toml, of which [web] and [log] are read',
          })
          .epilogue(notes),
      ({ config }) => {
        configFile = config;
      },
    )
    .epilogue(notes)
    .version(versionLine)
    .help()
    .alias('help', 'h')
    .strict()
    .demandCommand(1, 'A command is missing')
    .fail((message, error) => {
      throw new UsageError(`${message || error.message}; see mcr-web --help`);
    })
    .exitProcess(false)
    .wrap(helpColumns)
    .parseAsync(argv, {}, (_error, _args, output) => {
      text = output;
    });
  return configFile === undefined ? { text: `${text}\n` } : { configFile };
}
