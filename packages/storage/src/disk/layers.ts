import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { link, lstat, mkdir, readdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { BlobState } from '../blob-inspector.ts';
import type { Locator, StoredBlob } from '../blob-store.ts';
import { BlobMissing } from '../errors.ts';
import { type Descriptor, fstat, openDescriptor } from './descriptor.ts';
import { translateError } from './file-errors.ts';
import { hasCode, isAbsent, removeIfEmpty, statIfThere, unlinkIfThere } from './if-there.ts';
import { algorithms, isLocator, isPrefix } from './names.ts';
import type { WriteGate } from './write-gate.ts';

/** How often a removal may take away the prefix directory that a blob is about to enter, before that is an error. */
const PLACE_ATTEMPTS = 5;

/** The directory of blobs, `<alg>/<first two hex>/<hex>` each. What has another form is no locator and no blob. */
export class Layers {
  readonly #directory: string;
  readonly #gate: WriteGate;
  /** Prefix directories whose own entry is durable: at most 512, and one fsync less for each seal. */
  readonly #durable = new Set<string>();

  constructor(directory: string, gate: WriteGate) {
    this.#directory = directory;
    this.#gate = gate;
  }

  /** Makes the directories that always are there. */
  async prepare(): Promise<void> {
    for (const algorithm of algorithms) await makeDirectory(join(this.#directory, algorithm));
    await this.#gate.syncDirectory(this.#directory);
  }

  /**
   * Gives a durable file the name that `locator` says as well, in place of a blob that is there: that may be damaged, and
   * the file is not. `file` must be the path of an upload. Whether nothing was there.
   */
  async place(file: string, locator: Locator): Promise<boolean> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#tryPlace(file, locator);
      } catch (error) {
        if (!hasCode(error, 'ENOENT') || attempt === PLACE_ATTEMPTS) throw error;
        this.#durable.delete(dirname(locator));
      }
    }
  }

  async open(locator: Locator, expectedSize: number): Promise<Descriptor> {
    if (!isLocator(locator)) throw new BlobMissing(`"${locator}" is not a locator, <alg>/<first two hex>/<hex>`);
    const file = await this.#openFile(locator);
    try {
      const found = await fstat(file.fd);
      if (found.isFile() && found.size === expectedSize) return file;
      const { size } = found;
      throw new BlobMissing(`Blob "${locator}" holds ${size} bytes, not ${expectedSize}; push it again`, {
        found: size,
      });
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async stat(locator: Locator): Promise<BlobState | undefined> {
    if (!isLocator(locator)) return undefined;
    const found = await statIfThere(join(this.#directory, locator));
    if (found === undefined) return undefined;
    const { ino, size, mtimeMs, ctimeMs } = found;
    return { locator, size, sealedAt: Math.floor(mtimeMs), identity: [ino, size, mtimeMs, ctimeMs].join() };
  }

  async remove(locator: Locator): Promise<void> {
    if (!isLocator(locator)) return;
    const prefix = dirname(locator);
    await unlinkIfThere(join(this.#directory, locator));
    // Before the directory goes: a blob placed into its successor must find that this one's fsync counts no more.
    this.#durable.delete(prefix);
    await removeIfEmpty(join(this.#directory, prefix));
  }

  async *list(after: Locator): AsyncGenerator<StoredBlob, void, void> {
    for (const algorithm of algorithms) {
      for (const prefix of await this.#prefixesOf(algorithm)) {
        if (prefix >= after.slice(0, prefix.length)) yield* this.#listPrefix(prefix, after);
      }
    }
  }

  /** Throws when the layers cannot be reached. */
  async probe(): Promise<void> {
    for (const algorithm of algorithms) await lstat(join(this.#directory, algorithm));
  }

  async #tryPlace(file: string, locator: Locator): Promise<boolean> {
    const prefix = dirname(locator);
    if (!this.#durable.has(prefix)) await makeDirectory(join(this.#directory, prefix));
    const isNew = await linkOver(file, join(this.#directory, locator));
    await this.#gate.syncDirectory(join(this.#directory, prefix));
    if (!this.#durable.has(prefix)) {
      await this.#gate.syncDirectory(join(this.#directory, dirname(prefix)));
      this.#durable.add(prefix);
    }
    return isNew;
  }

  /** The directories `<alg>/<first two hex>`, in order. */
  async #prefixesOf(algorithm: string): Promise<string[]> {
    const entries = await readdir(join(this.#directory, algorithm), { withFileTypes: true });
    const prefixes = entries.filter((entry) => entry.isDirectory() && isPrefix(entry.name));
    return prefixes.map((entry) => `${algorithm}/${entry.name}`).sort();
  }

  async *#listPrefix(prefix: string, after: Locator): AsyncGenerator<StoredBlob, void, void> {
    for (const locator of await this.#locatorsIn(prefix)) {
      if (locator <= after) continue;
      const found = await statIfThere(join(this.#directory, locator));
      if (found !== undefined) yield { locator, size: found.size, sealedAt: Math.floor(found.mtimeMs) };
    }
  }

  /** In order; none when the directory has just gone with its last blob. */
  async #locatorsIn(prefix: string): Promise<Locator[]> {
    try {
      const names = await readdir(join(this.#directory, prefix));
      return names
        .map((name) => `${prefix}/${name}`)
        .filter(isLocator)
        .sort();
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    }
  }

  async #openFile(locator: Locator): Promise<Descriptor> {
    try {
      return await openDescriptor(join(this.#directory, locator), constants.O_RDONLY);
    } catch (cause) {
      throw isAbsent(cause) ? new BlobMissing(`There is no blob at "${locator}"`, { cause }) : translateError(cause);
    }
  }
}

/**
 * Gives an upload's file another name, in place of what has it; whether nothing had it. The name in between is that of an upload without a row:
 * what a crash leaves of it goes as those do.
 */
async function linkOver(file: string, target: string): Promise<boolean> {
  try {
    await link(file, target);
    return true;
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
  const between = join(dirname(file), randomUUID());
  await link(file, between);
  try {
    await rename(between, target);
  } finally {
    // It is still there when both were names of one file already: then renaming does nothing.
    await unlinkIfThere(between);
  }
  return false;
}

/** Makes sure of a directory that is no symbolic link, with mode 0700. */
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    if (!(await lstat(path)).isDirectory())
      throw new Error(`"${path}" must be a directory; remove it`, { cause: error });
  }
}
