import { RegistryError } from '@mcr/core';
import { isSyncFailure } from './errors.ts';

/**
 * Every write passes here. An fsync that failed is never tried again, since the kernel may have dropped the bytes and
 * would report success: from then on no write begins.
 */
export class SyncGate {
  readonly #onFatal: (error: Error) => void;
  #failure: Error | undefined;

  constructor(onFatal: (error: Error) => void) {
    this.#onFatal = onFatal;
  }

  /** Runs a write. Throws `UNAVAILABLE` once an fsync has failed. */
  run<Result>(write: () => Result): Result {
    if (this.#failure !== undefined) throw this.#failure;
    try {
      return write();
    } catch (cause) {
      if (!isSyncFailure(cause)) throw cause;
      const message = 'The disk failed to make a change of the database durable; ask the operator of the registry';
      this.#failure = new RegistryError('UNAVAILABLE', message, { cause });
      this.#onFatal(this.#failure);
      throw this.#failure;
    }
  }
}
