import { CliError } from '../cli/errors.ts';
import { type ExitCode, exitCodes } from '../cli/exit-codes.ts';

/** Why the registry rejected a request. */
export type Reason = 'invalid' | 'unauthenticated' | 'denied' | 'missing' | 'conflict' | 'failed';

const codes: Readonly<Record<Reason, ExitCode>> = {
  invalid: exitCodes.usage,
  unauthenticated: exitCodes.notLoggedIn,
  denied: exitCodes.denied,
  missing: exitCodes.notFound,
  conflict: exitCodes.failed,
  failed: exitCodes.failed,
};

const usualHints: Readonly<Partial<Record<Reason, string>>> = {
  denied: 'mcrctl whoami shows who you are and which roles you have',
};

/** Hints that fit one request better than the usual ones. */
export type Hints = Readonly<Partial<Record<Reason, string>>>;

/** The error for a request that the registry rejected. `to` is the action: `delete the repository team/app`. */
export function rejection(reason: Reason, message: string, to: string, hints: Hints = {}): CliError {
  return new CliError(`cannot ${to}: ${asClause(message)}`, {
    hint: hints[reason] ?? usualHints[reason],
    exitCode: codes[reason],
  });
}

/** The server's messages are sentences; words in capitals keep their case. */
function asClause(message: string): string {
  return /^[A-Z][a-z]* /.test(message) ? message.charAt(0).toLowerCase() + message.slice(1) : message;
}
