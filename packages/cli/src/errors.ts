/** Exit code for an invalid command line. */
export const exitUsage = 2;

/** Properties of an error beside its message. */
export interface CliErrorOptions {
  /** How to fix it. */
  readonly hint?: string | undefined;
  /** Default: 1. */
  readonly exitCode?: number;
  readonly cause?: unknown;
}

/** An error that the user can fix. */
export class CliError extends Error {
  override readonly name: string = 'CliError';
  readonly hint: string | undefined;
  readonly exitCode: number;

  constructor(message: string, options: CliErrorOptions = {}) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.hint = options.hint;
    this.exitCode = options.exitCode ?? 1;
  }
}

/** The command line is invalid. */
export class UsageError extends CliError {
  override readonly name = 'UsageError';

  constructor(message: string, hint: string) {
    super(message, { hint, exitCode: exitUsage });
  }
}

/** Ends a command whose exit code is its result, with no message. */
export class CliExit extends Error {
  override readonly name = 'CliExit';
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`The command ends with ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** An error as a terminal without colors shows it. */
export function errorText({ message, hint }: CliError): string {
  return `error: ${message}\n${hint === undefined ? '' : `hint: ${hint}\n`}`;
}
