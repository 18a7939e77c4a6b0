import { CliError, cancelled } from '../cli/errors.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';
import type { Io } from '../cli/io.ts';
import { painter } from './color.ts';
import { printable } from './format.ts';

/** How the error is to be shown. */
export interface ReportOptions {
  readonly asJson: boolean;
  readonly noColor: boolean;
}

/** Writes why a command failed to stderr and returns what to exit with. A bug shows its stack. */
export function reportError(error: unknown, io: Io, options: ReportOptions): ExitCode {
  const known = toCliError(error, io.signal);
  io.stderr.write(options.asJson ? toJson(known) : toText(known, io, options));
  return known.exitCode;
}

function toCliError(error: unknown, signal: AbortSignal): CliError {
  if (signal.aborted) return cancelled();
  if (error instanceof CliError) return error;
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new CliError(`this is a bug in mcrctl: ${trace}`, { hint: 'please report it with the lines above' });
}

function toText({ message, hint, exitCode }: CliError, { stderr, env }: Io, { noColor }: ReportOptions): string {
  if (exitCode === exitCodes.cancelled) return `${printable(message)}\n`;
  const paint = painter(stderr, { noColor, env });
  const lines = message.split('\n').map(printable).join('\n');
  return `${paint('red', 'error:')} ${lines}\n${hint === undefined ? '' : `hint: ${printable(hint)}\n`}`;
}

function toJson({ message, hint, exitCode }: CliError): string {
  return `${JSON.stringify({ error: { message, hint: hint ?? null, exit_code: exitCode } })}\n`;
}
