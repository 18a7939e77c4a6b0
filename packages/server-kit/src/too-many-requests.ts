import { RegistryError } from '@mcr/core';

/** `TOOMANYREQUESTS` for a request that may be retried after `retryAfterMs` milliseconds. */
export function tooManyRequests(message: string, retryAfterMs: number): RegistryError {
  return new RegistryError('TOOMANYREQUESTS', message, { retryAfterMs });
}

/** Milliseconds in the form of `Retry-After`: whole seconds, at least one. */
export function retryAfter(waitMs: number): number {
  return Math.max(1, Math.ceil(waitMs / 1_000));
}
