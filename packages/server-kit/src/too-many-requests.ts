import { RegistryError } from '@mcr/core';

/** `TOOMANYREQUESTS` with a `Retry-After` of the milliseconds to wait, in whole seconds and at least one. */
export function tooManyRequests(message: string, waitMs: number): RegistryError {
  const headers = { 'Retry-After': String(retryAfter(waitMs)) };
  return new RegistryError('TOOMANYREQUESTS', message, { headers });
}

/** Milliseconds as `Retry-After` has them: whole seconds, at least one. */
export function retryAfter(waitMs: number): number {
  return Math.max(1, Math.ceil(waitMs / 1_000));
}
