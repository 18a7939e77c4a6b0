import { RegistryError, SharedRuns } from '@mcr/core';
import { fdatasync, fsync, openDirectory } from './descriptor.ts';
import { translateError } from './file-errors.ts';
import { QuickReads } from './quick-reads.ts';

/**
 * Every write passes here. An fsync that failed is never tried again, since the kernel may have dropped the bytes and
 * would report success: from then on no write begins, and none under way gets another fsync; all fail with one error.
 */
export class WriteGate {
  readonly #onFatal: (error: Error) => void;
  readonly #quick: QuickReads;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #directorySyncs = new SharedRuns();
  #failure: Error | undefined;
  #closed = false;

  constructor(onFatal: (error: Error) => void, quick: QuickReads = new QuickReads()) {
    this.#onFatal = onFatal;
    this.#quick = quick;
  }

  /**
   * Runs a write, unless an fsync failed or the gate is closed. Throws `NO_SPACE` or
   * `UNAVAILABLE` when the file system rejects it.
   */
  async run<T>(write: () => Promise<T>): Promise<T> {
    this.#assertSound();
    if (this.#closed) throw new Error('The blob store is closed');
    const running = write();
    this.#underWay.add(running);
    try {
      return await running;
    } catch (error) {
      throw translateError(error);
    } finally {
      this.#underWay.delete(running);
    }
  }

  /** Makes a file's bytes and size durable. */
  syncData(fd: number): Promise<void> {
    return this.#sync(fdatasync, fd);
  }

  /** Makes a directory's entries durable. One fsync serves all who wait for it to begin: uploads share a directory. */
  syncDirectory(path: string): Promise<void> {
    return this.#directorySyncs.run(path, async () => {
      using directory = await openDirectory(path, this.#quick);
      await this.#sync(fsync, directory.fd);
    });
  }

  /** Rejects further writes, and waits for those under way. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#underWay);
  }

  async #sync(call: (fd: number) => Promise<void>, fd: number): Promise<void> {
    this.#assertSound();
    try {
      await call(fd);
    } catch (cause) {
      this.#fail(cause);
    }
    this.#assertSound();
  }

  #fail(cause: unknown): void {
    if (this.#failure !== undefined) return;
    const message = 'The disk failed to make bytes durable; ask the operator of the registry';
    this.#failure = new RegistryError('UNAVAILABLE', message, { cause });
    this.#onFatal(this.#failure);
  }

  #assertSound(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}
