import { createHash, type Hash } from 'node:crypto';
import type { UploadRecord, UploadVersion } from '@mcr/db';

/** Running hashes kept in memory; an upload beyond these is hashed again from its bytes when it is closed. */
const maxHashes = 4_096;

interface Holder {
  readonly done: Promise<void>;
  readonly release: AbortController;
}

interface RunningHash {
  readonly version: number;
  readonly sha256: Hash;
}

/**
 * What this process remembers of uploads in progress: who is writing, and the running sha256. Both only save work;
 * the truth is the upload's row, whose version decides between writers of all processes.
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
    return known?.version === upload.version ? known.sha256 : undefined;
  }

  /** Remembers the hash of the bytes that an upload has in this version. */
  keepHash({ id, version }: UploadVersion, sha256: Hash): void {
    this.#hashes.set(id, { version, sha256 });
    const oldest = this.#hashes.keys().next();
    if (this.#hashes.size > maxHashes && !oldest.done) this.#hashes.delete(oldest.value);
  }

  /** Whether this process made this version of the upload, and so knows that row and bytes agree. */
  knows({ id, version }: UploadVersion): boolean {
    return this.#hashes.get(id)?.version === version;
  }

  forget(id: string): void {
    this.#hashes.delete(id);
  }

  /** Uploads that are being written now. */
  get active(): number {
    return this.#holders.size;
  }
}
