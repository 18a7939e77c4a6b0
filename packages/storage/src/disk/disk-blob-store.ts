import { link, mkdir, realpath, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Digest } from '@mcr/core';
import type { AppendResult, BlobStore, Locator, OpenBlob, SealedBlob, StoredBlob } from '../blob-store.ts';
import { BlobMissing } from '../errors.ts';
import { hasCode, unlinkIfThere } from './if-there.ts';
import { Layers } from './layers.ts';
import { Marker } from './marker.ts';
import { digestOf, locatorOf } from './names.ts';
import { lockOwner } from './owner-lock.ts';
import { openedBlob, ReadBuffers } from './read-span.ts';
import { PROBE_FILE, Uploads } from './uploads.ts';
import { WriteGate } from './write-gate.ts';

/** Where a `DiskBlobStore` keeps its files. Both directories must be on one device; they are made when missing. */
export interface DiskBlobStoreOptions {
  /** Directory of the sealed blobs. */
  readonly layersPath: string;
  /** Directory of the uploads. */
  readonly uploadsPath: string;
  /** Called once, when an fsync fails and the store stops taking writes: the process should end and start anew. */
  readonly onFatal?: (error: Error) => void;
}

interface DiskParts {
  readonly layers: Layers;
  readonly uploads: Uploads;
  readonly gate: WriteGate;
  readonly owner: { release(): void };
  readonly marker: Marker;
}

/**
 * Blobs as files `<layers>/<alg>/<first two hex>/<hex>`, uploads as `<uploads>/<uuid>`; directories have mode 0700,
 * files 0600. What it reports as written has passed fsync. It reads no bytes back and checks no digest.
 */
export class DiskBlobStore implements BlobStore {
  readonly #layers: Layers;
  readonly #uploads: Uploads;
  readonly #gate: WriteGate;
  readonly #marker: Marker;
  readonly #owner: { release(): void };
  readonly #buffers = new ReadBuffers();
  #closing: Promise<void> | undefined;

  private constructor(parts: DiskParts) {
    this.#layers = parts.layers;
    this.#uploads = parts.uploads;
    this.#gate = parts.gate;
    this.#marker = parts.marker;
    this.#owner = parts.owner;
  }

  /**
   * Opens the store for this process alone, until `close` or the process's end. Throws `StoreLocked` when another
   * process has it, and a plain error when a file cannot be in both directories at once.
   */
  static async open({ layersPath, uploadsPath, onFatal = () => {} }: DiskBlobStoreOptions): Promise<DiskBlobStore> {
    const layersDirectory = await ensureDirectory(layersPath);
    const uploadsDirectory = await ensureDirectory(uploadsPath);
    await assertOneDevice(layersDirectory, uploadsDirectory);
    const owner = lockOwner(layersDirectory);
    try {
      await assertLinks(uploadsDirectory, layersDirectory);
      const gate = new WriteGate(onFatal);
      const layers = new Layers(layersDirectory, gate);
      await layers.prepare();
      const parents = new Set([dirname(layersDirectory), dirname(uploadsDirectory)]);
      for (const parent of parents) await gate.syncDirectory(parent);
      const uploads = new Uploads(uploadsDirectory, gate);
      return new DiskBlobStore({ layers, uploads, gate, owner, marker: await Marker.open(layersDirectory) });
    } catch (error) {
      owner.release();
      throw error;
    }
  }

  get id(): string | undefined {
    return this.#marker.id;
  }

  adopt(id: string): Promise<void> {
    return this.#gate.run(() => this.#marker.write(id, this.#gate));
  }

  createUpload(id: string): Promise<void> {
    return this.#write(() => this.#uploads.create(id));
  }

  append(id: string, offset: number, source: AsyncIterable<Uint8Array>): Promise<AppendResult> {
    return this.#write(() => this.#uploads.append(id, offset, source));
  }

  uploadSize(id: string): Promise<number | undefined> {
    return this.#uploads.size(id);
  }

  readUpload(id: string, size: number): AsyncIterable<Uint8Array> {
    return this.#uploads.read(id, size);
  }

  /** Throws `DIGEST_INVALID` as well, when the digest is none. */
  seal(id: string, digest: Digest, size: number): Promise<SealedBlob> {
    return this.#write(async () => {
      const locator = locatorOf(digest);
      await this.#uploads.settle(id, size);
      return { locator, isNew: await this.#layers.place(this.#uploads.path(id), locator) };
    });
  }

  discardUpload(id: string): Promise<void> {
    return this.#write(() => this.#uploads.discard(id));
  }

  digestOf(locator: Locator): Digest | undefined {
    return digestOf(locator);
  }

  async open(locator: Locator, expectedSize: number, onFailure?: (error: unknown) => void): Promise<OpenBlob> {
    try {
      const file = await this.#layers.open(locator, expectedSize);
      return openedBlob(file, expectedSize, { buffers: this.#buffers, ...(onFailure && { onFailure }) });
    } catch (error) {
      if (error instanceof BlobMissing) await this.#marker.assertInPlace();
      throw error;
    }
  }

  remove(locator: Locator): Promise<void> {
    return this.#write(() => this.#layers.remove(locator));
  }

  list(after: Locator = ''): AsyncIterable<StoredBlob> {
    return this.#layers.list(after);
  }

  listUploads(): AsyncIterable<{ readonly id: string; readonly touchedAt: number }> {
    return this.#uploads.list();
  }

  check(): Promise<void> {
    return this.#write(async () => {
      await this.#layers.probe();
      await this.#uploads.probe();
    });
  }

  /** Waits for the writes under way, then lets another process have the store. */
  close(): Promise<void> {
    this.#closing ??= this.#gate.close().then(() => this.#owner.release());
    return this.#closing;
  }

  /** A write to whatever lies there instead of this store would be acknowledged, and gone when the store is back. */
  #write<T>(write: () => Promise<T>): Promise<T> {
    return this.#gate.run(async () => {
      await this.#marker.assertInPlace();
      return await write();
    });
  }
}

/** The real path of a directory, made with mode 0700 when missing. */
async function ensureDirectory(path: string): Promise<string> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  return await realpath(path);
}

async function assertOneDevice(layers: string, uploads: string): Promise<void> {
  const [ofLayers, ofUploads] = await Promise.all([stat(layers), stat(uploads)]);
  if (ofLayers.dev === ofUploads.dev) return;
  throw new Error(
    `"${layers}" and "${uploads}" are on different devices, so uploads cannot become blobs; put both on one`,
  );
}

/** Device numbers do not tell everything: a bind mount has the one of its origin, and not every file system knows links. */
async function assertLinks(from: string, to: string): Promise<void> {
  const [file, name] = [join(from, PROBE_FILE), join(to, PROBE_FILE)];
  try {
    await writeFile(file, '', { mode: 0o600 });
    await link(file, name);
  } catch (cause) {
    // A full disk, for one, is no reason not to start.
    if (!hasCode(cause, 'EPERM', 'ENOTSUP', 'ENOSYS', 'EXDEV')) return;
    const message = `"${to}" and "${from}" must be on one file system, mounted once, that knows hard links; move them`;
    throw new Error(message, { cause });
  } finally {
    await Promise.allSettled([unlinkIfThere(file), unlinkIfThere(name)]);
  }
}
