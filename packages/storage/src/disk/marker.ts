import { randomUUID } from 'node:crypto';
import { constants, lstatSync } from 'node:fs';
import { link, lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { RegistryError } from '@mcr/core';
import { openDescriptor, read, writev } from './descriptor.ts';
import { hasCode, isAbsent, unlinkIfThere } from './if-there.ts';
import { isUploadId } from './names.ts';
import { QuickReads } from './quick-reads.ts';
import type { WriteGate } from './write-gate.ts';

/** The file in the layers that holds the id of their store: whatever else lies at their path has another one, or none. */
export const MARKER_FILE = '.store-id';
/** A UUID and a line feed, and room to see that there is more. */
const maxBytes = 64;

/** The id in a directory of blobs; `undefined` when it has none. Throws when what is there is no id. */
export async function readStoreId(directory: string): Promise<string | undefined> {
  const path = join(directory, MARKER_FILE);
  const text = await contentOf(path);
  if (text === undefined || isUploadId(text)) return text;
  throw new Error(`"${path}" must hold the id of a store; restore it from a backup, or remove it`);
}

/** The marker of an open store, and whether it still is where it was. */
export class Marker {
  readonly #directory: string;
  readonly #path: string;
  readonly #quick: QuickReads;
  #id: string | undefined;
  /** The file as it was when it held the id. */
  #seen = '';

  private constructor(directory: string, id: string | undefined, quick: QuickReads) {
    this.#directory = directory;
    this.#path = join(directory, MARKER_FILE);
    this.#quick = quick;
    this.#id = id;
  }

  static async open(directory: string, quick: QuickReads = new QuickReads()): Promise<Marker> {
    return new Marker(directory, await readStoreId(directory), quick);
  }

  get id(): string | undefined {
    return this.#id;
  }

  /** Writes an id unless there is one by now, which another process may have written; the one that is there then. */
  async claim(id: string, gate: WriteGate): Promise<string> {
    if (!isUploadId(id)) throw new TypeError(`Cannot name a store "${id}"; use a UUID in lower case`);
    const path = `${this.#path}.${randomUUID()}`;
    try {
      {
        await using file = await openDescriptor(path, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY);
        await writev(file.fd, [Buffer.from(`${id}\n`)], 0);
        await gate.syncData(file.fd);
      }
      await link(path, this.#path).catch((error: unknown) => {
        if (!hasCode(error, 'EEXIST')) throw error;
      });
    } finally {
      await unlinkIfThere(path);
    }
    await gate.syncDirectory(this.#directory);
    const found = (await readStoreId(this.#directory)) ?? id;
    this.#id = found;
    return found;
  }

  /** Throws `UNAVAILABLE` when another directory lies in the place of this one, as when its disk was unmounted. */
  async assertInPlace(): Promise<void> {
    if (this.#id === undefined) return;
    try {
      const { dev, ino, size, mtimeMs } = this.#quick.try(() => lstatSync(this.#path)) ?? (await lstat(this.#path));
      const found = [dev, ino, size, mtimeMs].join();
      if (found === this.#seen) return;
      const id = await readStoreId(this.#directory);
      if (id !== this.#id) throw new Error(`"${this.#path}" holds the id of another store`);
      this.#seen = found;
    } catch (cause) {
      const message = 'The storage of the registry is not where it was; ask its operator to mount the disk';
      throw new RegistryError('UNAVAILABLE', message, { cause });
    }
  }
}

async function contentOf(path: string): Promise<string | undefined> {
  try {
    await using file = await openDescriptor(path, constants.O_RDONLY);
    const { bytesRead, buffer } = await read(file.fd, Buffer.alloc(maxBytes), 0, maxBytes, 0);
    return buffer.toString('utf8', 0, bytesRead).trimEnd();
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}
