import { randomUUID } from 'node:crypto';
import { link, mkdir, realpath, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Digest } from '@mcr/core';
import type {
  AppendOptions,
  AppendResult,
  BlobStore,
  Locator,
  OpenBlob,
  OpenOptions,
  SealedBlob,
  StoredBlob,
  StoredPiece,
  UploadPiece,
} from '../blob-store.ts';
import type { Chunks } from '../chunks.ts';
import { BlobMissing, UploadMissing } from '../errors.ts';
import { hasCode, unlinkIfThere } from './if-there.ts';
import { Layers } from './layers.ts';
import { Marker } from './marker.ts';
import { digestOf, newLocator, newPieceLocator, pieceName } from './names.ts';
import { lockOwner } from './owner-lock.ts';
import { Pieces } from './pieces.ts';
import { QuickReads } from './quick-reads.ts';
import { openedBlob, ReadBuffers } from './read-span.ts';
import { blobInMemory, largestSmallBlob, readWhole } from './small-blob.ts';
import { WriteGate } from './write-gate.ts';

/** A name that is tried in the layers at a start. */
const PROBE_FILE = '.probe';

/** Where a `DiskBlobStore` keeps its files. Both directories must be on one device; they are made when missing. */
export interface DiskBlobStoreOptions {
  /** Directory of the sealed blobs. */
  readonly layersPath: string;
  /** Directory of the uploads. */
  readonly uploadsPath: string;
  /** Whether other processes have the store open as well; each must say so. By default this process is alone. */
  readonly shared?: boolean;
  /** Called once, when an fsync fails and the store stops taking writes: the process should end and start anew. */
  readonly onFatal?: (error: Error) => void;
}

interface DiskParts {
  readonly layers: Layers;
  readonly pieces: Pieces;
  readonly gate: WriteGate;
  readonly owner: { release(): void };
  readonly marker: Marker;
  readonly quick: QuickReads;
}

/**
 * Blobs as files `<layers>/<alg>/<first two hex>/<hex>.<12 hex>`, pieces as `<uploads>/<uuid>.<12 hex>`; directories
 * have mode 0700, files 0600. What it reports as written has passed fsync.
 */
export class DiskBlobStore implements BlobStore {
  readonly #layers: Layers;
  readonly #pieces: Pieces;
  readonly #gate: WriteGate;
  readonly #marker: Marker;
  readonly #owner: { release(): void };
  readonly #buffers = new ReadBuffers();
  readonly #quick: QuickReads;
  #closing: Promise<void> | undefined;

  private constructor(parts: DiskParts) {
    this.#layers = parts.layers;
    this.#pieces = parts.pieces;
    this.#gate = parts.gate;
    this.#marker = parts.marker;
    this.#owner = parts.owner;
    this.#quick = parts.quick;
  }

  /**
   * Opens the store until `close` or the process's end, for this process alone unless it is shared. Throws `StoreLocked`
   * when another process has it otherwise, and a plain error when a file cannot be in both directories at once.
   */
  static async open(options: DiskBlobStoreOptions): Promise<DiskBlobStore> {
    const { layersPath, uploadsPath, shared = false, onFatal = () => {} } = options;
    const layersDirectory = await ensureDirectory(layersPath);
    const uploadsDirectory = await ensureDirectory(uploadsPath);
    await assertOneDevice(layersDirectory, uploadsDirectory);
    const owner = lockOwner(layersDirectory, { shared });
    try {
      await assertLinks(uploadsDirectory, layersDirectory);
      const quick = new QuickReads();
      const gate = new WriteGate(onFatal, quick);
      const layers = new Layers(layersDirectory, gate);
      await layers.prepare();
      const parents = new Set([dirname(layersDirectory), dirname(uploadsDirectory)]);
      for (const parent of parents) await gate.syncDirectory(parent);
      const pieces = new Pieces(uploadsDirectory, gate, { extend: !shared, quick });
      const marker = await Marker.open(layersDirectory, quick);
      return new DiskBlobStore({ layers, pieces, gate, owner, marker, quick });
    } catch (error) {
      owner.release();
      throw error;
    }
  }

  get id(): string | undefined {
    return this.#marker.id;
  }

  get extendsPieces(): boolean {
    return this.#pieces.extends;
  }

  adopt(id: string): Promise<string> {
    return this.#gate.run(() => this.#marker.claim(id, this.#gate));
  }

  append(upload: string, source: AsyncIterable<Chunks>, options: AppendOptions = {}): Promise<AppendResult> {
    return this.#write(() => this.#pieces.append(upload, source, options));
  }

  read(pieces: readonly UploadPiece[]): AsyncIterable<Uint8Array> {
    return this.#pieces.read(pieces);
  }

  pieceSize(locator: Locator): Promise<number | undefined> {
    return this.#pieces.size(locator);
  }

  /** One piece that is a whole file gets a second name; others are copied. */
  seal(
    pieces: readonly UploadPiece[],
    digest: Digest,
    size: number,
    { verified = false }: { readonly verified?: boolean } = {},
  ): Promise<SealedBlob> {
    return this.#write(async () => {
      const locator = newLocator(digest);
      const total = pieces.reduce((sum, piece) => sum + piece.size, 0);
      if (total !== size) throw new UploadMissing(`The pieces have ${total} bytes, not ${size}`);
      const [piece, ...more] = pieces;
      if (piece === undefined || more.length > 0 || !(await this.#pieces.settle(piece))) {
        await this.#pieces.withCopy(pieces, digest, (path) => this.#layers.place(path, locator));
        return { locator };
      }
      if (!verified) await this.#pieces.verify(pieces, digest);
      await this.#place(piece, locator);
      return { locator };
    });
  }

  digestOf(locator: Locator): Digest | undefined {
    return digestOf(locator);
  }

  async open(locator: Locator, expectedSize: number, { onFailure }: OpenOptions = {}): Promise<OpenBlob> {
    try {
      const bytes = this.readAtOnce(locator, expectedSize);
      if (bytes !== undefined) return blobInMemory(bytes);
      const file = await this.#layers.open(locator, expectedSize);
      const options = { buffers: this.#buffers, quick: this.#quick, ...(onFailure && { onFailure }) };
      return openedBlob(file, expectedSize, options);
    } catch (error) {
      if (error instanceof BlobMissing) await this.#marker.assertInPlace();
      throw error;
    }
  }

  /** What is wrong with a file that cannot be read this way shows when it is opened as usual. */
  readAtOnce(locator: Locator, expectedSize: number, room?: Buffer): Buffer | undefined {
    const path = expectedSize > largestSmallBlob ? undefined : this.#layers.path(locator);
    return path === undefined ? undefined : this.#quick.try(() => readWhole(path, expectedSize, room));
  }

  remove(locator: Locator): Promise<void> {
    const isPiece = pieceName(locator) !== undefined;
    return this.#write(() => (isPiece ? this.#pieces : this.#layers).remove(locator));
  }

  list(after: Locator = ''): AsyncIterable<StoredBlob> {
    return this.#layers.list(after);
  }

  listPieces(): AsyncIterable<StoredPiece> {
    return this.#pieces.list();
  }

  /** None: files have no addresses. */
  async url(): Promise<undefined> {}

  /** None: what a crash leaves is a piece of no upload. */
  async abortUnfinished(): Promise<number> {
    return 0;
  }

  check(): Promise<void> {
    return this.#write(async () => {
      await this.#layers.probe();
      await this.#pieces.probe();
    });
  }

  /** Waits for the writes under way, then lets another process have the store. */
  close(): Promise<void> {
    this.#closing ??= this.#gate.close().then(() => this.#owner.release());
    return this.#closing;
  }

  async #place({ locator: piece }: UploadPiece, locator: Locator): Promise<void> {
    try {
      await this.#layers.place(this.#pieces.path(piece), locator);
    } catch (cause) {
      throw hasCode(cause, 'ENOENT') ? new UploadMissing(`There is no piece "${piece}"`, { cause }) : cause;
    }
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
  // The name of a piece, so that garbage collection removes what a crash leaves.
  const [file, name] = [join(from, basename(newPieceLocator(randomUUID()))), join(to, PROBE_FILE)];
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
