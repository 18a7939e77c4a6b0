import { findText } from '@mcr/cli';
import { commandSet } from '../commands/index.ts';
import { chooseLayout } from '../output/choose-layout.ts';
import { createPrinter } from '../output/printer.ts';
import { reportError } from '../output/report-error.ts';
import type { Command } from './command.ts';
import { createContext } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import type { Io } from './io.ts';
import { wantedOutput } from './output-option.ts';

/** Parsing has checked the arguments of a command against its options and positionals. */
type Arguments = Parameters<Command['run']>[1];

/** Runs one command line, without the program's name, and returns the exit code. Never throws. */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  if (argv[0] === '__complete') {
    const { complete } = await import('../commands/completion/complete.ts');
    return complete(argv[1] ?? '', commandSet, io);
  }
  const text = findText(argv, commandSet, io.stdout.columns);
  if (text === undefined) return await runCommand(argv, io);
  io.stdout.write(text);
  return exitCodes.ok;
}

async function runCommand(argv: readonly string[], io: Io): Promise<number> {
  let options = { asJson: argv.some((word) => /^--json(?:=|$)/.test(word)), noColor: argv.includes('--no-color') };
  try {
    const { parseArguments } = await import('./parse.ts');
    const { command, args } = await parseArguments(argv, commandSet);
    const { format, selected, json } = wantedOutput(args, command);
    options = { asJson: format === 'json' || format === 'yaml', noColor: args.noColor };
    const layout = await chooseLayout(io, { format, selected, noColor: args.noColor });
    using context = createContext(args, io, createPrinter(io, { layout, quiet: args.quiet }));
    await command.run(context, { ...args, json } as Arguments);
    return exitCodes.ok;
  } catch (error) {
    return reportError(error, io, options);
  }
}
