import type { Share } from '@mcr/config';
import { RegistryError } from '@mcr/core';

/** Room on the file systems of the blobs and of the database. */
export interface Space {
  readonly blobs: FreeSpace;
  readonly database: FreeSpace;
}

/** What a file system has, in bytes. */
export interface FileSystemSpace {
  readonly free: number;
  readonly size: number;
}

/** Bytes of a file system that a minimum is. */
export function minimumOf(minFree: Share, { size }: Pick<FileSystemSpace, 'size'>): number {
  const { bytes = 0, percent = 0 } = { bytes: undefined, percent: undefined, ...minFree };
  return bytes + Math.floor((size / 100) * percent);
}

/** How long a reading is good for, in milliseconds; what is written meanwhile is counted. */
const readingMs = 1_000;

/** Watches that a file system keeps a minimum of free space. */
export class FreeSpace {
  /** A place that never has too little. */
  static readonly unlimited = new FreeSpace(async () => ({ free: Number.POSITIVE_INFINITY, size: 0 }), { bytes: 0 });

  readonly #read: () => Promise<FileSystemSpace>;
  readonly #minFree: Share;
  readonly #now: () => number;
  /** Bytes that may still be written; without a reading nothing is rejected. */
  #room = Number.POSITIVE_INFINITY;
  #readAt = Number.NEGATIVE_INFINITY;
  #reading: Promise<void> | undefined;

  /** `now` is a clock that never goes back, in milliseconds. */
  constructor(read: () => Promise<FileSystemSpace>, minFree: Share, now = () => performance.now()) {
    this.#read = read;
    this.#minFree = minFree;
    this.#now = now;
  }

  /** Throws `NO_SPACE` when less than the minimum is free. */
  async check(): Promise<void> {
    if (this.#isOld()) await this.#refresh();
    this.#assertRoom();
  }

  /** Counts bytes that are about to be written. Throws `NO_SPACE` when they would leave less than the minimum. */
  take(bytes: number): void {
    this.#room -= bytes;
    if (this.#isOld()) void this.#refresh();
    this.#assertRoom();
  }

  /** Bytes that are free now. */
  async free(): Promise<number> {
    return (await this.#read()).free;
  }

  #isOld(): boolean {
    return this.#now() - this.#readAt >= readingMs;
  }

  #refresh(): Promise<void> {
    this.#reading ??= this.#readRoom().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  /** A file system that cannot be asked rejects nothing: writing to it will show. */
  async #readRoom(): Promise<void> {
    try {
      const space = await this.#read();
      const minimum = minimumOf(this.#minFree, space);
      this.#room = minimum === 0 ? Number.POSITIVE_INFINITY : space.free - minimum;
    } catch {
      this.#room = Number.POSITIVE_INFINITY;
    }
    this.#readAt = this.#now();
  }

  #assertRoom(): void {
    if (this.#room >= 0) return;
    const cause = new Error(`${-this.#room} bytes are missing to what storage.min_free keeps free`);
    throw new RegistryError('NO_SPACE', 'The registry has no space left for pushes; ask its operator', { cause });
  }
}

/** Throws `NO_SPACE` unless there is room for a push, where blobs are and where the database is. */
export async function requireSpace({ space }: { readonly space: Space }): Promise<void> {
  await Promise.all([space.blobs.check(), space.database.check()]);
}
