import { RegistryError } from '@mcr/core';

/** `TOOMANYREQUESTS` for a request that may come again after `retryAfterMs` milliseconds. */
export function tooManyRequests(message: string, retryAfterMs: number): RegistryError {
  return new RegistryError('TOOMANYREQUESTS', message, { retryAfterMs });
}

/** Milliseconds as `Retry-After` has them: whole seconds, at least one. */
export function retryAfter(waitMs: number): number {
  return Math.max(1, Math.ceil(waitMs / 1_000));
}
