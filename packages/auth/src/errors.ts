import { RegistryError } from '@mcr/core';

/** Clients retry after 1 to 3 seconds; in two, a full queue of password checks moves on. */
const retryAfterMs = 2_000;

const because = (cause: unknown) => (cause === undefined ? {} : { cause });

/** `UNAUTHORIZED` for a login; the same for an unknown name, a wrong password and a disabled account. */
export function wrongCredentials(cause?: unknown): RegistryError {
  return new RegistryError('UNAUTHORIZED', 'The username or the password is wrong', because(cause));
}

/** `UNAUTHORIZED` for the secret of an access token as a password, for any reason. */
export function wrongAccessToken(cause?: unknown): RegistryError {
  const message = 'The access token is unknown, expired or revoked, or another account has it; create a new one';
  return new RegistryError('UNAUTHORIZED', message, because(cause));
}

/** `UNAUTHORIZED` for a token, for any reason. */
export function invalidToken(cause?: unknown): RegistryError {
  return new RegistryError('UNAUTHORIZED', 'The token is invalid, expired or revoked; log in again', because(cause));
}

/** `TOOMANYREQUESTS` in the only form that makes Docker retry: exactly this message, and no detail. */
export function tooManyRequests(cause?: unknown): RegistryError {
  return new RegistryError('TOOMANYREQUESTS', 'too many requests', { retryAfterMs, ...because(cause) });
}

/** `UNAVAILABLE` for work whose client has disconnected; it is never sent. */
export function clientGone(): RegistryError {
  return new RegistryError('UNAVAILABLE', 'The client has disconnected');
}

/** `UNAVAILABLE` for MCIAS. The reason and the address of the service are in the cause, which is only logged. */
export function identityServiceUnavailable(cause: unknown): RegistryError {
  const message = 'The identity service (MCIAS) is unavailable; try again in a minute, or ask the operator to check it';
  return new RegistryError('UNAVAILABLE', message, { cause });
}

/** `UNAVAILABLE` for the issuer of tokens or of sign-ins. Which one, and the reason, is in the cause, which is only logged. */
export function issuerUnavailable(issuer: string, cause: unknown): RegistryError {
  const message = 'The identity provider is unavailable; try again in a minute, or ask the operator to check it';
  return new RegistryError('UNAVAILABLE', message, {
    cause: new Error(`The issuer ${issuer} is unavailable`, { cause }),
  });
}

/** Why a login was rejected, for the audit log: as a cause, which no client sees. */
export class LoginRejection extends Error {
  override readonly name = 'LoginRejection';
  readonly details: Readonly<Record<string, string>>;

  constructor(details: Readonly<Record<string, string>>) {
    super(`The login was rejected: ${details['reason']}`);
    this.details = details;
  }
}

/** For `.catch()`: rethrows a `RegistryError` of the account store, and wraps an error of the database driver. */
export function accountStoreFailed(cause: unknown): never {
  if (cause instanceof RegistryError) throw cause;
  const message = 'The accounts cannot be read; try again in a minute, or ask the operator to check the database';
  throw new RegistryError('UNAVAILABLE', message, { cause });
}
