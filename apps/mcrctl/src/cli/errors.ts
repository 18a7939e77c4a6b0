import { CliError, UsageError } from '@mcr/cli';
import { exitCodes } from './exit-codes.ts';

/** An error that the user can fix; any other error is a bug. */
export { CliError } from '@mcr/cli';

/** The command line is invalid. */
export function usageError(message: string, hint: string): UsageError {
  return new UsageError(message, hint);
}

/** The user cancelled, or did not confirm. */
export function cancelled(message = 'cancelled'): CliError {
  return new CliError(message, { exitCode: exitCodes.cancelled });
}
