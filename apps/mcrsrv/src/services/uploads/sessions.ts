import { createHash, type Hash } from 'node:crypto';
import type { UploadRecord } from '@mcr/db';

/** Running hashes kept in memory; an upload beyond these is hashed again from its bytes when it is closed. */
const maxHashes = 4_096;

interface Holder {
  readonly done: Promise<void>;
  readonly release: AbortController;
}

interface RunningHash {
  readonly offset: number;
  readonly sha256: Hash;
}

/**
 * What this process remembers of uploads in progress: who is writing, and the running sha256. Both only save work;
 * the truth is the upload's row and its bytes.
 */
export class UploadSessions {
  readonly #holders = new Map<string, Holder>();
  readonly #hashes = new Map<string, RunningHash>();

  /**
   * Runs `task` as the only writer of the upload. An upload has one client, so an earlier request that still holds it
   * has lost its connection: its signal is aborted, it keeps what it got, and `task` follows.
   */
  async exclusive<T>(id: string, task: (signal: AbortSignal) => Promise<T>): Promise<T> {
    for (let holder = this.#holders.get(id); holder !== undefined; holder = this.#holders.get(id)) {
      holder.release.abort();
      await holder.done;
    }
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const release = new AbortController();
    this.#holders.set(id, { done, release });
    try {
      return await task(release.signal);
    } finally {
      this.#holders.delete(id);
      resolve();
    }
  }

  /** The running hash up to the upload's offset, or `undefined` when it is not known any more. */
  takeHash(upload: UploadRecord): Hash | undefined {
    if (upload.offset === 0) return createHash('sha256');
    const known = this.#hashes.get(upload.id);
    this.#hashes.delete(upload.id);
    return known !== undefined && known.offset === upload.offset ? known.sha256 : undefined;
  }

  /** Remembers the hash of the bytes up to `offset`. */
  keepHash(id: string, offset: number, sha256: Hash): void {
    this.#hashes.set(id, { offset, sha256 });
    const oldest = this.#hashes.keys().next();
    if (this.#hashes.size > maxHashes && !oldest.done) this.#hashes.delete(oldest.value);
  }

  /** Whether this process has written to the upload, and so knows that row and bytes agree. */
  knows(id: string): boolean {
    return this.#hashes.has(id);
  }

  forget(id: string): void {
    this.#hashes.delete(id);
  }

  /** Whether the upload is being written now. */
  isHeld(id: string): boolean {
    return this.#holders.has(id);
  }

  /** Uploads that are being written now. */
  get active(): number {
    return this.#holders.size;
  }
}
