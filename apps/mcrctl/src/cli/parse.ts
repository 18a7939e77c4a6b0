import { version } from '@mcr/core';
import yargs, { type Argv } from 'yargs';
import type { Command } from './command.ts';
import { usageError } from './errors.ts';
import { type GlobalArguments, globalOptions } from './global-options.ts';
import type { Io } from './io.ts';

/** What the command line asks for: a text to print (help, version), or a command to run. */
export type Invocation =
  | { readonly text: string }
  | { readonly command: Command; readonly args: Record<string, unknown> & GlobalArguments };

/** Longer lines are hard to read. */
const maxHelpColumns = 100;

/** Reads a command line; the only place that knows yargs. Throws a usage error. */
export async function parseArguments(
  argv: readonly string[],
  commands: readonly Command[],
  io: Io,
): Promise<Invocation> {
  let found: Invocation | undefined;
  let text = '';
  const parser = createParser(Math.min(io.stdout.columns, maxHelpColumns)).fail((message, error) => {
    throw usageError(message || error.message, `see ${helpCommand(argv, commands)}`);
  });
  for (const command of commands) {
    parser.command({
      command: command.name,
      describe: command.describe,
      builder: (own: Argv) => own.options(command.options).epilogue(describeExamples(command)),
      handler: (args) => {
        found = { command, args: args as unknown as Record<string, unknown> & GlobalArguments };
      },
    });
  }
  await parser.parseAsync(argv, {}, (_error, _args, output) => {
    text = output;
  });
  return found ?? { text: `${text}\n` };
}

function createParser(columns: number): Argv {
  return yargs()
    .scriptName('mcrctl')
    .usage("$0 <command>\n\nThe operator's command line of the MCR registry")
    .locale('en')
    .updateStrings({ 'Did you mean %s?': 'Unknown command; did you mean %s?' })
    .parserConfiguration({ 'duplicate-arguments-array': false, 'dot-notation': false })
    .options(globalOptions)
    .group(Object.keys(globalOptions), 'Global options:')
    .version(version)
    .help()
    .alias('help', 'h')
    .group(['help', 'version'], 'Global options:')
    .epilogue('Exit codes: 0 done, 1 failed, 2 wrong usage, 130 cancelled')
    .strict()
    .recommendCommands()
    .demandCommand(1, 'A command is missing')
    .exitProcess(false)
    .wrap(columns);
}

/** yargs' own table of examples would break long lines, which then cannot be copied. */
function describeExamples({ examples }: Command): string {
  return ['Examples:', ...examples.map(([line, effect]) => `  # ${effect}\n  ${line}`)].join('\n');
}

function helpCommand([first]: readonly string[], commands: readonly Command[]): string {
  const known = commands.some(({ name }) => name.split(' ', 1)[0] === first);
  return known ? `mcrctl ${first} --help` : 'mcrctl --help';
}
