import { constants } from 'node:fs';
import { link, lstat, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Digest } from '@mcr/core';
import type { BlobState } from '../blob-inspector.ts';
import type { Locator, StoredBlob } from '../blob-store.ts';
import { BlobMissing } from '../errors.ts';
import { type Descriptor, fstat, openDescriptor } from './descriptor.ts';
import { translateError } from './file-errors.ts';
import { hasCode, isAbsent, statIfThere, unlinkIfThere } from './if-there.ts';
import { algorithms, digestOf, isLocator, isPrefix, prefixOf } from './names.ts';
import type { WriteGate } from './write-gate.ts';

/**
 * The directory of blobs, `<alg>/<first two hex>/<hex>.<12 hex>` each. What has another form is no locator and no blob.
 * Prefix directories stay, so that no process has to ask another one whether they are durable.
 */
export class Layers {
  readonly #directory: string;
  readonly #gate: WriteGate;
  /** Prefix directories whose own entry this process made durable: at most 512, and one fsync less for each seal. */
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

  /** Gives a durable file, a piece or a copy, the name that `locator` says as well. Throws `ENOENT` when it is gone. */
  async place(file: string, locator: Locator): Promise<void> {
    const prefix = dirname(locator);
    try {
      await this.#tryPlace(file, prefix, locator);
    } catch (error) {
      // The directory may have been removed by hand.
      if (!hasCode(error, 'ENOENT') || !this.#durable.delete(prefix)) throw error;
      await this.#tryPlace(file, prefix, locator);
    }
  }

  /** The path of a blob's file; `undefined` for what is no locator. */
  path(locator: Locator): string | undefined {
    return isLocator(locator) ? join(this.#directory, locator) : undefined;
  }

  async open(locator: Locator, expectedSize: number): Promise<Descriptor> {
    if (!isLocator(locator))
      throw new BlobMissing(`"${locator}" is not a locator, <alg>/<first two hex>/<hex>.<12 hex>`);
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
    if (isLocator(locator)) await unlinkIfThere(join(this.#directory, locator));
  }

  /** All files of a digest, in order. Costs what its prefix directory has. */
  async locatorsOf(digest: Digest): Promise<readonly Locator[]> {
    const locators = await this.#locatorsIn(prefixOf(digest));
    return locators.filter((locator) => digestOf(locator) === digest);
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

  async #tryPlace(file: string, prefix: string, locator: Locator): Promise<void> {
    if (!this.#durable.has(prefix)) await makeDirectory(join(this.#directory, prefix));
    await link(file, join(this.#directory, locator));
    await this.#gate.syncDirectory(join(this.#directory, prefix));
    if (this.#durable.has(prefix)) return;
    await this.#gate.syncDirectory(join(this.#directory, dirname(prefix)));
    this.#durable.add(prefix);
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

  /** In order; none when there is no such directory. */
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
