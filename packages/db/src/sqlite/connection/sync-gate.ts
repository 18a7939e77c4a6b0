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

  /** Runs a write, which may sync. Throws `UNAVAILABLE` once an fsync has failed. */
  run<Result>(write: () => Result): Result {
    this.#assertSound();
    try {
      return write();
    } catch (cause) {
      throw isSyncFailure(cause) ? this.#fail(cause) : cause;
    }
  }

  /** Syncs what was written. Rejects with `UNAVAILABLE` when that fails, and once an fsync has failed. */
  async sync(sync: () => Promise<void>): Promise<void> {
    this.#assertSound();
    try {
      await sync();
    } catch (cause) {
      throw this.#fail(cause);
    }
    this.#assertSound();
  }

  #fail(cause: unknown): Error {
    if (this.#failure !== undefined) return this.#failure;
    const message = 'The disk failed to make a change of the database durable; ask the operator of the registry';
    this.#failure = new RegistryError('UNAVAILABLE', message, { cause });
    this.#onFatal(this.#failure);
    return this.#failure;
  }

  #assertSound(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}
