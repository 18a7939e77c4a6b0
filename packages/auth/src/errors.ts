import { RegistryError } from '@mcr/core';

/** Clients wait for 1 to 3 seconds; two let a full line of password checks move on. */
const retryAfterMs = 2_000;

const because = (cause: unknown) => (cause === undefined ? {} : { cause });

/** `UNAUTHORIZED` for a login; the same for an unknown name, a wrong password and a disabled account. */
export function wrongCredentials(cause?: unknown): RegistryError {
  return new RegistryError('UNAUTHORIZED', 'The username or the password is wrong', because(cause));
}

/** `UNAUTHORIZED` for a token, whatever is wrong with it. */
export function invalidToken(cause?: unknown): RegistryError {
  return new RegistryError('UNAUTHORIZED', 'The token is invalid, expired or revoked; log in again', because(cause));
}

/** `TOOMANYREQUESTS` in the one form that makes Docker try again: this very message and no detail. */
export function tooManyRequests(cause?: unknown): RegistryError {
  return new RegistryError('TOOMANYREQUESTS', 'too many requests', { retryAfterMs, ...because(cause) });
}

/** `UNAVAILABLE` for work whose client has gone; no one reads it. */
export function clientGone(): RegistryError {
  return new RegistryError('UNAVAILABLE', 'The client has gone');
}

/** `UNAVAILABLE` for MCIAS. What happened, with the address of the service, is in the cause and stays in the log. */
export function identityServiceUnavailable(cause: unknown): RegistryError {
  const message = 'The identity service (MCIAS) cannot answer; try again in a minute, or ask the operator to check it';
  return new RegistryError('UNAVAILABLE', message, { cause });
}

/** Passes a `RegistryError` of the account store on and wraps a driver's error, for `.catch()`. */
export function accountStoreFailed(cause: unknown): never {
  if (cause instanceof RegistryError) throw cause;
  const message = 'The accounts cannot be read; try again in a minute, or ask the operator to check the database';
  throw new RegistryError('UNAVAILABLE', message, { cause });
}
