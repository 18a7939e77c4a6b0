import { createHash, type Hash } from 'node:crypto';
import type { UploadRecord, UploadVersion } from '@mcr/db';

/** Uploads kept in memory; one beyond these is hashed again from its bytes when it is closed. */
const maxKnown = 4_096;

interface Holder {
  readonly done: Promise<void>;
  readonly release: AbortController;
}

interface KnownVersion {
  readonly version: number;
  readonly sha256: Hash | undefined;
}

/**
 * What this process remembers of uploads in progress: who is writing, and the running sha256. Both only save work;
 * the truth is the upload's row, whose version decides between writers of all processes.
 */
export class UploadSessions {
  readonly #holders = new Map<string, Holder>();
  readonly #known = new Map<string, KnownVersion>();

  /**
   * Runs `task` as the only writer of the upload. An upload has one client, so an earlier request that still holds it
   * has lost its connection: its signal is aborted, it keeps what it got, and `task` follows, which is told whether it had
   * to wait for that.
   */
  async exclusive<T>(id: string, task: (signal: AbortSignal, hasWaited: boolean) => Promise<T>): Promise<T> {
    const hasWaited = this.#holders.has(id);
    for (let holder = this.#holders.get(id); holder !== undefined; holder = this.#holders.get(id)) {
      holder.release.abort();
      await holder.done;
    }
    const { promise: done, resolve } = Promise.withResolvers<void>();
    const release = new AbortController();
    this.#holders.set(id, { done, release });
    try {
      return await task(release.signal, hasWaited);
    } finally {
      this.#holders.delete(id);
      resolve();
    }
  }

  /** The running hash up to the upload's offset, or `undefined` when it is not known any more. */
  takeHash(upload: UploadRecord): Hash | undefined {
    if (upload.offset === 0) return createHash('sha256');
    const known = this.#known.get(upload.id);
    this.#known.delete(upload.id);
    return known?.version === upload.version ? known.sha256 : undefined;
  }

  /** Remembers a version that this process made of an upload, and the hash of its bytes where there is one. */
  remember({ id, version }: UploadVersion, sha256?: Hash): void {
    this.#known.set(id, { version, sha256 });
    const oldest = this.#known.keys().next();
    if (this.#known.size > maxKnown && !oldest.done) this.#known.delete(oldest.value);
  }

  /** Whether this process made this version of the upload, and so knows that row and bytes agree. */
  knows({ id, version }: UploadVersion): boolean {
    return this.#known.get(id)?.version === version;
  }

  forget(id: string): void {
    this.#known.delete(id);
  }

  /** Uploads that are being written now. */
  get active(): number {
    return this.#holders.size;
  }
}
