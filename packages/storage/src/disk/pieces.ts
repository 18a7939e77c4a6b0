import { randomUUID } from 'node:crypto';
import { constants, lstatSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Digest } from '@mcr/core';
import type { AppendOptions, AppendResult, Locator, StoredPiece, UploadPiece } from '../blob-store.ts';
import type { Chunks } from '../chunks.ts';
import { UploadMissing } from '../errors.ts';
import { DigestCheck } from '../verifying.ts';
import { type Descriptor, fstat, ftruncate, futimes, openDescriptor, read, writev } from './descriptor.ts';
import { isAbsent, statIfThere, unlinkIfThere } from './if-there.ts';
import { isUploadId, newPieceLocator, pieceLocatorOf, pieceName } from './names.ts';
import { OpenPieces } from './open-pieces.ts';
import { QuickReads } from './quick-reads.ts';
import { readSpan } from './read-span.ts';
import { type WriteVector, writeBatches, writeFully } from './write-batches.ts';
import type { WriteGate } from './write-gate.ts';

/** Bytes per read of what is put together: with 256 KiB the way to the thread pool costs as much as hashing them. */
const COPY_BYTES = 512 * 1024;

/** A file that was written so many milliseconds ago has the time of now, as exactly as any file system keeps it. */
const freshMs = 500;

const { O_CREAT, O_EXCL, O_RDONLY, O_WRONLY } = constants;

/**
 * The directory of uploads: a file `<uuid>.<12 hex>` for each piece. Bytes that were handed out as a piece are never
 * written again. Where this process owns the directory alone, an append may write on behind the upload's last piece.
 */
export class Pieces {
  readonly #directory: string;
  readonly #gate: WriteGate;
  readonly #open: OpenPieces;
  readonly #quick: QuickReads;

  constructor(
    directory: string,
    gate: WriteGate,
    { extend = false, quick = new QuickReads() }: { readonly extend?: boolean; readonly quick?: QuickReads } = {},
  ) {
    this.#directory = directory;
    this.#gate = gate;
    this.#open = new OpenPieces(extend);
    this.#quick = quick;
  }

  /** Whether an append may write on behind the upload's last piece. */
  get extends(): boolean {
    return this.#open.extend;
  }

  /** The path of a piece's file. Throws `UploadMissing` for a locator that names none. */
  path(locator: Locator): string {
    const name = pieceName(locator);
    if (name === undefined) throw new UploadMissing(`"${locator}" is not the locator of a piece of an upload`);
    return join(this.#directory, name);
  }

  async append(upload: string, source: AsyncIterable<Chunks>, options: AppendOptions): Promise<AppendResult> {
    if (!isUploadId(upload)) throw new TypeError(`Invalid upload id "${upload}"; use a UUID in lower case`);
    const { after } = options;
    if (after !== undefined && this.#open.take(after)) {
      await using file = await this.#openToExtend(after);
      if (file !== undefined) return await this.#extend(file, after, source, options);
    }
    return await this.#begin(upload, source, options);
  }

  async size(locator: Locator): Promise<number | undefined> {
    const name = pieceName(locator);
    return name === undefined ? undefined : (await statIfThere(join(this.#directory, name)))?.size;
  }

  async *read(pieces: readonly UploadPiece[]): AsyncGenerator<Uint8Array, void, void> {
    for (const piece of pieces) {
      await using file = await this.#openWhole(piece);
      yield* readSpan(file, { start: 0, end: piece.size - 1 });
    }
  }

  /**
   * Gives a piece's file the time of now, if it may become a blob: no more is written to it then. `false` when the file
   * has more bytes than the piece. Throws `UploadMissing` when it has fewer.
   */
  async settle({ locator, size }: UploadPiece): Promise<boolean> {
    if (!this.#open.end(locator)) return false;
    if (this.#isFresh(locator, size)) return true;
    await using file = await this.#openToRead(locator);
    const found = (await fstat(file.fd)).size;
    if (found < size) throw new UploadMissing(`"${locator}" has ${found} bytes, not ${size}`);
    if (found > size) return false;
    const now = new Date();
    await futimes(file.fd, now, now);
    return true;
  }

  /** Whether the file has this size and was written just now, as the pieces of a push mostly were. */
  #isFresh(locator: Locator, size: number): boolean {
    const path = this.path(locator);
    const found = this.#quick.try(() => lstatSync(path));
    return found?.isFile() === true && found.size === size && Math.abs(Date.now() - found.mtimeMs) < freshMs;
  }

  /** Throws `DigestMismatch` when the bytes of pieces have another digest, and `UploadMissing`. */
  async verify(pieces: readonly UploadPiece[], digest: Digest): Promise<void> {
    await this.#copy(pieces, digest);
  }

  /**
   * Copies pieces, whose bytes must have the digest, into one durable file, calls `use` with its path, and removes it. A
   * crash leaves a piece of no upload. Throws `DigestMismatch` and `UploadMissing`.
   */
  async withCopy(pieces: readonly UploadPiece[], digest: Digest, use: (path: string) => Promise<void>): Promise<void> {
    const path = this.path(newPieceLocator(randomUUID()));
    try {
      {
        await using file = await openDescriptor(path, O_CREAT | O_EXCL | O_WRONLY);
        await this.#copy(pieces, digest, file);
        await this.#gate.syncData(file.fd);
      }
      await use(path);
    } finally {
      await unlinkIfThere(path).catch(() => {});
    }
  }

  async remove(locator: Locator): Promise<void> {
    this.#open.end(locator);
    await unlinkIfThere(this.path(locator));
  }

  async *list(): AsyncGenerator<StoredPiece, void, void> {
    for (const name of await readdir(this.#directory)) {
      const locator = pieceLocatorOf(name);
      if (pieceName(locator) === undefined) continue;
      const found = await statIfThere(join(this.#directory, name));
      if (found !== undefined) yield { locator, size: found.size, touchedAt: Math.floor(found.mtimeMs) };
    }
  }

  /** Throws when no file can be written here. The name is that of a piece, so that what a crash leaves is removed. */
  async probe(): Promise<void> {
    const path = this.path(newPieceLocator(randomUUID()));
    try {
      await using file = await openDescriptor(path, O_CREAT | O_EXCL | O_WRONLY);
      await writev(file.fd, [Buffer.from('probe')], 0);
    } finally {
      await unlinkIfThere(path);
    }
  }

  /** One buffer for all: new memory for every read costs as much as what is done with it. */
  async #copy(pieces: readonly UploadPiece[], digest: Digest, to?: Descriptor): Promise<void> {
    const check = new DigestCheck(digest);
    const buffer = Buffer.allocUnsafeSlow(COPY_BYTES);
    let at = 0;
    for (const piece of pieces) {
      await using file = await this.#openWhole(piece);
      for (let position = 0; position < piece.size; ) {
        const wanted = Math.min(buffer.length, piece.size - position);
        const { bytesRead } = await read(file.fd, buffer, 0, wanted, position);
        if (bytesRead === 0) throw new UploadMissing(`"${piece.locator}" ended at byte ${position} of ${piece.size}`);
        const bytes = buffer.subarray(0, bytesRead);
        check.update(bytes);
        if (to !== undefined) await writeFully(writerTo(to), [bytes], at);
        position += bytesRead;
        at += bytesRead;
      }
    }
    check.end();
  }

  async #begin(
    upload: string,
    source: AsyncIterable<Chunks>,
    { keeps = () => true, release }: AppendOptions,
  ): Promise<AppendResult> {
    const locator = newPieceLocator(upload);
    const path = this.path(locator);
    let file: Descriptor | undefined;
    // A part without bytes leaves no file.
    const write: WriteVector = async (buffers, at) => {
      file ??= await openDescriptor(path, O_CREAT | O_EXCL | O_WRONLY);
      return await writerTo(file)(buffers, at);
    };
    try {
      const { size, ...broken } = await writeBatches(write, 0, source, release);
      if (file === undefined) return broken;
      if ('error' in broken && !keeps(broken.error)) {
        await unlinkIfThere(path);
        return broken;
      }
      // Bytes are there after a power cut only together with the name that leads to them. Nothing relies on either of them
      // before both are, and the journal of a file system takes two that come together in one go.
      await bothOf(this.#gate.syncData(file.fd), this.#gate.syncDirectory(this.#directory));
      file[Symbol.dispose]();
      this.#open.add(locator, size);
      return { piece: { locator, size }, ...broken };
    } catch (error) {
      // What a full disk took of it would keep the disk full.
      if (file !== undefined) await unlinkIfThere(path).catch(() => {});
      throw error;
    } finally {
      await file?.close();
    }
  }

  async #extend(
    file: Descriptor,
    { locator, size: start }: UploadPiece,
    source: AsyncIterable<Chunks>,
    { keeps = () => true, release }: AppendOptions,
  ): Promise<AppendResult> {
    let end: number | undefined;
    try {
      const { size, ...broken } = await writeBatches(writerTo(file), start, source, release);
      if ('error' in broken && !keeps(broken.error)) return broken;
      if (size > start) await this.#gate.syncData(file.fd);
      end = size;
      return size > start ? { piece: { locator, size }, ...broken } : broken;
    } finally {
      // Beyond `start` no one relies on anything. Where not even this works, the next append begins a new piece.
      end ??= await ftruncate(file.fd, start).then(
        () => start,
        () => undefined,
      );
      this.#open.giveBack(locator, end);
    }
  }

  /** `undefined` when the file is not what is on record, or has another name, as in a backup of hard links. */
  async #openToExtend({ locator, size }: UploadPiece): Promise<Descriptor | undefined> {
    const file = await openDescriptor(this.path(locator), O_WRONLY).catch(() => undefined);
    try {
      const found = file && (await fstat(file.fd));
      if (found?.size === size && found.nlink === 1) return file;
    } catch {
      // The next line does what is left to do.
    }
    await file?.close();
    this.#open.giveBack(locator, undefined);
    return undefined;
  }

  async #openWhole({ locator, size }: UploadPiece): Promise<Descriptor> {
    const file = await this.#openToRead(locator);
    try {
      const found = (await fstat(file.fd)).size;
      if (found >= size) return file;
      throw new UploadMissing(`"${locator}" has ${found} bytes, not ${size}`);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async #openToRead(locator: Locator): Promise<Descriptor> {
    try {
      return await openDescriptor(this.path(locator), O_RDONLY);
    } catch (cause) {
      throw isAbsent(cause) ? new UploadMissing(`There is no piece "${locator}"`, { cause }) : cause;
    }
  }
}

/** Waits for both, also when one fails: the file stays open as long as it is being synced. */
async function bothOf(one: Promise<void>, other: Promise<void>): Promise<void> {
  await Promise.allSettled([one, other]);
  await Promise.all([one, other]);
}

function writerTo(file: Descriptor): WriteVector {
  return async (buffers, at) => (await writev(file.fd, buffers, at)).bytesWritten;
}
