import * as fs from 'node:fs';
import { promisify } from 'node:util';
import type { QuickReads } from './quick-reads.ts';

// Numeric descriptors, never FileHandle: one of those that is garbage-collected unclosed ends the process.
const open = promisify(fs.open);
const close = promisify(fs.close);

/** Promise forms of the descriptor calls of `node:fs`. */
export const fdatasync = promisify(fs.fdatasync);
export const fstat = promisify(fs.fstat);
export const fsync = promisify(fs.fsync);
export const ftruncate = promisify(fs.ftruncate);
export const futimes = promisify(fs.futimes);
export const read = promisify(fs.read);
export const writev = promisify(fs.writev);

/** An open file. It may be closed more than once; only the first time counts. */
export class Descriptor implements AsyncDisposable, Disposable {
  readonly #fd: number;
  #closing: Promise<void> | undefined;

  constructor(fd: number) {
    this.#fd = fd;
  }

  /** The number. Throws once the file is closed, when the system may have given the same number to another file. */
  get fd(): number {
    if (this.#closing !== undefined) throw new Error('The file is closed');
    return this.#fd;
  }

  close(): Promise<void> {
    this.#closing ??= close(this.#fd);
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Closes it on this thread: for a directory, and what was only read or has been synced, a system call without any wait. */
  [Symbol.dispose](): void {
    if (this.#closing !== undefined) return;
    this.#closing = Promise.resolve();
    fs.closeSync(this.#fd);
  }
}

const directoryFlags = fs.constants.O_RDONLY | fs.constants.O_DIRECTORY | fs.constants.O_NOFOLLOW;

/** Opens a directory, to sync it. On this thread, if what such calls have to look at is in memory as it mostly is. */
export async function openDirectory(path: string, quick: QuickReads): Promise<Descriptor> {
  const fd = quick.try(() => fs.openSync(path, directoryFlags));
  return new Descriptor(fd ?? (await open(path, directoryFlags)));
}

/** Opens a file, with mode 0600 when it creates it. Rejects a symbolic link in the path's last place. */
export async function openDescriptor(path: string, flags: number): Promise<Descriptor> {
  return new Descriptor(await open(path, flags | fs.constants.O_NOFOLLOW, 0o600));
}
