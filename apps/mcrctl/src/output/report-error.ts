import { CliError, cancelled } from '../cli/errors.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import type { Io } from '../cli/io.ts';
import { painter } from './color.ts';
import { printable, toJson } from './format.ts';

/** How to show the error. */
export interface ReportOptions {
  readonly asJson: boolean;
  readonly noColor: boolean;
}

/** Writes why a command failed to stderr and returns the exit code. A bug shows its stack. */
export function reportError(error: unknown, io: Io, options: ReportOptions): number {
  const known = toCliError(error, io.signal);
  const isBug = known.cause === error;
  io.stderr.write(options.asJson ? asJson(known) : asText(known, isBug, io, options));
  return known.exitCode;
}

function toCliError(error: unknown, signal: AbortSignal): CliError {
  if (signal.aborted) return cancelled();
  if (error instanceof CliError) return error;
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new CliError(`this is a bug in mcrctl: ${trace}`, {
    hint: 'please report it with the lines above',
    cause: error,
  });
}

/** Only a stack has several lines: text from others cannot add a line that looks like ours. */
function asText(
  { message, hint, exitCode }: CliError,
  isBug: boolean,
  { stderr, env }: Io,
  { noColor }: ReportOptions,
): string {
  if (exitCode === exitCodes.cancelled) return `${printable(message)}\n`;
  const paint = painter(stderr, { noColor, env });
  const lines = isBug ? message.split('\n').map(printable).join('\n') : printable(message);
  return `${paint('red', 'error:')} ${lines}\n${hint === undefined ? '' : `hint: ${printable(hint)}\n`}`;
}

function asJson({ message, hint, exitCode }: CliError): string {
  return `${toJson({ error: { message, hint: hint ?? null, exit_code: exitCode } })}\n`;
}
