import { RegistryError } from '@mcr/core';
import { isFull, S3Error } from './client/s3-error.ts';

/** How soon a client may try again when the storage does not respond, milliseconds. */
const retryAfterMs = 5_000;

/** What a failure of the storage is to a client: `NO_SPACE`, or `UNAVAILABLE`. Other errors stay what they are. */
export function translateError(error: unknown): unknown {
  if (!(error instanceof S3Error)) return error;
  if (isFull(error)) {
    return new RegistryError('NO_SPACE', 'The storage of the registry has no space left; ask its operator', {
      cause: error,
    });
  }
  return unavailable(retryAfterMs, error);
}

/** The error for a storage that cannot be used now. */
export function unavailable(retryAfter: number, cause?: unknown): RegistryError {
  const message = 'The storage of the registry does not respond as it should; try again soon';
  return new RegistryError('UNAVAILABLE', message, { retryAfterMs: retryAfter, cause });
}

/** Does something, and throws what a failure of the storage is to a client. */
export async function translated<T>(task: () => Promise<T>): Promise<T> {
  try {
    return await task();
  } catch (error) {
    throw translateError(error);
  }
}

/** The same for a list. */
export async function* translatedAll<T>(items: AsyncIterable<T>): AsyncGenerator<T, void, void> {
  try {
    yield* items;
  } catch (error) {
    throw translateError(error);
  }
}
