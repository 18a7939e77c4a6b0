import { expect } from 'vitest';
import { RegistryError, type RegistryErrorCode } from '../errors.ts';

/** Calls `act`, which must throw a RegistryError with `code`, and returns that error. */
export function rejectionOf(code: RegistryErrorCode, act: () => unknown): RegistryError {
  const error = errorOf(act);
  if (!(error instanceof RegistryError)) throw new Error(`Expected a rejection with ${code}`, { cause: error });
  expect(error.code).toBe(code);
  return error;
}

/** The error that `act` throws, or `undefined`. */
export function errorOf(act: () => unknown): unknown {
  try {
    act();
    return undefined;
  } catch (error) {
    return error;
  }
}
