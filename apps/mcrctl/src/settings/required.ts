import { CliError, usageError } from '../cli/errors.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import type { Settings } from './settings.ts';

/** Origin of the registry. Throws a usage error when none is named. */
export function requireServer({ server }: Settings): string {
  if (server.value !== undefined) return server.value;
  throw usageError('no registry is named', 'add --server, such as --server https://localhost:8443, or set MCR_SERVER');
}

/** The token to send. Throws when there is none, or when the one that login kept has expired at `now`. */
export function requireToken({ server, token, profile }: Settings, now: number): string {
  if (token.value === undefined) throw notLoggedIn(server.value, 'there is no token for it');
  const expiry = token.source === 'profile' ? Date.parse(profile?.expires_at ?? '') : Number.NaN;
  if (expiry <= now) throw notLoggedIn(server.value, `the login has expired (${profile?.expires_at})`);
  if (/^[!-~]+$/.test(token.value)) return token.value;
  throw usageError(`the token in ${token.from} holds characters that no token has`, 'give it alone, on one line');
}

/** The registry does not take the token that was sent. */
export function tokenRefused({ server, token }: Settings): CliError {
  const where = token.source === 'profile' ? 'of the last login' : `in ${token.from}`;
  return notLoggedIn(server.value, `it does not accept the token ${where}, which may have expired`);
}

function notLoggedIn(server: string | undefined, why: string): CliError {
  return new CliError(`not logged in to ${server}: ${why}`, {
    hint: `run: mcrctl login --server ${server}`,
    exitCode: exitCodes.notLoggedIn,
  });
}
