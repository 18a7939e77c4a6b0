import { commands } from '../commands/index.ts';
import { createPrinter } from '../output/printer.ts';
import { reportError } from '../output/report-error.ts';
import type { CommandContext } from './context.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import type { GlobalArguments } from './global-options.ts';
import type { Io } from './io.ts';
import { parseArguments } from './parse.ts';

/** Runs one command line, without the process's name, and returns what to exit with. Never throws. */
export async function main(argv: readonly string[], io: Io): Promise<ExitCode> {
  let asJson = false;
  try {
    const invocation = await parseArguments(argv, commands, io);
    if ('text' in invocation) {
      io.stdout.write(invocation.text);
      return exitCodes.ok;
    }
    const { command, args } = invocation;
    asJson = args.json;
    await command.run(createContext(args, io), args);
    return exitCodes.ok;
  } catch (error) {
    return reportError(error, io, asJson);
  }
}

function createContext(args: GlobalArguments, io: Io): CommandContext {
  return {
    print: createPrinter(io, args.json),
    async rest() {
      const { createRestClient } = await import('../rest/client.ts');
      return createRestClient(args, io);
    },
  };
}
