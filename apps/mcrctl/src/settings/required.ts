import { CliError, usageError } from '../cli/errors.ts';
import { exitCodes } from '../cli/exit-codes.ts';
import type { Settings } from './settings.ts';

/** Origin of the registry. Throws a usage error if none is given. */
export function requireServer({ server, context }: Settings): string {
  if (server.value !== undefined) return server.value;
  if (context.value !== undefined) throw contextNotFound(context.value);
  throw usageError('no registry given', 'add --server, such as --server https://localhost:8443, or set MCR_SERVER');
}

/** The error for a context that no login has made. */
export function contextNotFound(name: string): CliError {
  return new CliError(`context ${name} not found`, {
    hint: 'mcrctl context list shows them; mcrctl login --server URL --context NAME makes one',
    exitCode: exitCodes.notFound,
  });
}

/** The token to send. Throws if there is none, or if the stored one has expired at `now`. */
export function requireToken({ server, token, profile }: Settings, now: number): string {
  if (token.value === undefined) throw notLoggedIn(server.value, 'no token for it');
  const expiry = token.source === 'profile' ? Date.parse(profile?.expires_at ?? '') : Number.NaN;
  if (expiry <= now) throw notLoggedIn(server.value, `the login has expired (${profile?.expires_at})`);
  if (/^[!-~]+$/.test(token.value)) return token.value;
  throw usageError(`the token in ${token.from} has invalid characters`, 'it must be a single line without spaces');
}

/** The error for a token that the registry rejected. */
export function tokenRejected({ server, token }: Settings): CliError {
  const where = token.source === 'profile' ? 'of the last login' : `in ${token.from}`;
  return notLoggedIn(server.value, `it does not accept the token ${where}, which may have expired`);
}

function notLoggedIn(server: string | undefined, why: string): CliError {
  return new CliError(`not logged in to ${server}: ${why}`, {
    hint: `run: mcrctl login --server ${server}`,
    exitCode: exitCodes.notLoggedIn,
  });
}
