import { type ExitCode, exitCodes } from './exit-codes.ts';

/** What an error carries beside its message. */
export interface CliErrorOptions {
  /** What to do about it. */
  readonly hint?: string | undefined;
  /** 1 when absent. */
  readonly exitCode?: ExitCode;
  readonly cause?: unknown;
}

/** Something that the person at the terminal can put right; anything else that is thrown is a bug. */
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

/** The command line itself is wrong. */
export function usageError(message: string, hint: string): CliError {
  return new CliError(message, { hint, exitCode: exitCodes.usage });
}

/** The person gave up, or did not confirm. */
export function cancelled(message = 'cancelled'): CliError {
  return new CliError(message, { exitCode: exitCodes.cancelled });
}
