import { RegistryError } from '@mcr/core';
import { isSyncFailure } from './errors.ts';

/**
 * Every write passes here. An fsync that failed is never tried again, since the kernel may have dropped the bytes and
 * would report success: from then on no write begins.
 */
export class SyncGate {
  readonly #onFatal: (error: Error) => void;
  #failure: Error | undefined;
  #isSuspect: () => boolean = () => false;

  constructor(onFatal: (error: Error) => void) {
    this.#onFatal = onFatal;
  }

  /** Whether an fsync has failed. */
  get hasFailed(): boolean {
    return this.#failure !== undefined;
  }

  /** Asks before everything whether something beside the event loop has failed meanwhile. */
  suspectWhen(isSuspect: () => boolean): void {
    this.#isSuspect = isSuspect;
  }

  /** Runs a write, which may sync. Throws `UNAVAILABLE` once an fsync has failed. */
  run<Result>(write: () => Result, isFatal = isSyncFailure): Result {
    this.#assertSound();
    try {
      return write();
    } catch (cause) {
      throw isFatal(cause) ? this.#fail(cause) : cause;
    }
  }

  /** The same for what goes on beside the event loop. */
  async runBeside<Result>(write: () => Promise<Result>, isFatal: (cause: unknown) => boolean): Promise<Result> {
    this.#assertSound();
    try {
      return await write();
    } catch (cause) {
      throw isFatal(cause) ? this.#fail(cause) : cause;
    }
  }

  /** Syncs what was written. Rejects with `UNAVAILABLE` when that fails, and once an fsync has failed. */
  async sync(sync: () => Promise<void>): Promise<void> {
    await this.runBeside(sync, () => true);
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
    if (this.#isSuspect()) throw this.#fail(new Error('A checkpoint has failed'));
  }
}
