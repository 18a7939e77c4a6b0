import { CliError } from '../cli/errors.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import type { Io } from '../cli/io.ts';

/** Writes why a command failed to stderr and returns what to exit with. A bug shows its stack. */
export function reportError(error: unknown, io: Io, asJson: boolean): ExitCode {
  if (io.signal.aborted) {
    io.stderr.write('cancelled\n');
    return exitCodes.cancelled;
  }
  const known = error instanceof CliError ? error : unexpected(error);
  io.stderr.write(asJson ? toJson(known) : toText(known));
  return known.exitCode;
}

function unexpected(error: unknown): CliError {
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new CliError(`this is a bug in mcrctl: ${trace}`, { hint: 'please report it with the lines above' });
}

function toText({ message, hint }: CliError): string {
  return `error: ${message}\n${hint === undefined ? '' : `hint: ${hint}\n`}`;
}

function toJson({ message, hint }: CliError): string {
  return `${JSON.stringify({ error: { message, hint } })}\n`;
}
