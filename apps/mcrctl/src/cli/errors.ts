import { type ExitCode, exitCodes } from './exit-codes.ts';

/** Properties of an error beside its message. */
export interface CliErrorOptions {
  /** How to fix it. */
  readonly hint?: string | undefined;
  /** Default: 1. */
  readonly exitCode?: ExitCode;
  readonly cause?: unknown;
}

/** An error that the user can fix; any other error is a bug. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly hint: string | undefined;
  readonly exitCode: ExitCode;

  constructor(message: string, options: CliErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? exitCodes.failed;
  }
}

/** The command line is invalid. */
export function usageError(message: string, hint: string): CliError {
  return new CliError(message, { hint, exitCode: exitCodes.usage });
}

/** The user cancelled, or did not confirm. */
export function cancelled(message = 'cancelled'): CliError {
  return new CliError(message, { exitCode: exitCodes.cancelled });
}
