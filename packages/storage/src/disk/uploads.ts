import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { AppendResult } from '../blob-store.ts';
import { UploadMissing } from '../errors.ts';
import { type Descriptor, fstat, ftruncate, futimes, openDescriptor, writev } from './descriptor.ts';
import { hasCode, isAbsent, statIfThere, unlinkIfThere } from './if-there.ts';
import { isUploadId } from './names.ts';
import { readSpan } from './read-span.ts';
import { type WriteVector, writeBatches } from './write-batches.ts';
import type { WriteGate } from './write-gate.ts';

const { O_CREAT, O_EXCL, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY } = constants;

/** A file to try things with. Not a UUID, so that it is never taken for an upload. */
export const PROBE_FILE = '.probe';

/** The directory of uploads: one file each, named by its id. What is no UUID names no upload. */
export class Uploads {
  readonly #directory: string;
  readonly #gate: WriteGate;
  /** Sizes up to which this process has made uploads durable. An fsync for nothing still waits for the disk's cache. */
  readonly #durable = new Map<string, number>();

  constructor(directory: string, gate: WriteGate) {
    this.#directory = directory;
    this.#gate = gate;
  }

  /** The path of an upload's file. Throws `UploadMissing` for an id that cannot name one. */
  path(id: string): string {
    if (!isUploadId(id)) throw new UploadMissing(`"${id}" is not the id of an upload, which is a UUID in lower case`);
    return join(this.#directory, id);
  }

  async create(id: string): Promise<void> {
    if (!isUploadId(id)) throw new TypeError(`Cannot name an upload "${id}"; use a UUID in lower case`);
    try {
      await (await openDescriptor(this.path(id), O_CREAT | O_EXCL | O_WRONLY)).close();
    } catch (cause) {
      throw hasCode(cause, 'EEXIST') ? new Error(`Upload "${id}" exists already`, { cause }) : cause;
    }
  }

  async append(id: string, offset: number, source: AsyncIterable<Uint8Array>): Promise<AppendResult> {
    await using file = await this.#open(id, O_RDWR);
    const { size, nlink } = await fstat(file.fd);
    if (size < offset) throw new UploadMissing(`Upload "${id}" holds ${size} bytes and cannot continue at ${offset}`);
    this.#durable.delete(id);
    if (nlink > 1) {
      await this.#unshare(id, file, offset);
      return await this.append(id, offset, source);
    }
    if (size > offset) await ftruncate(file.fd, offset);
    const result = await writeBatches(writerTo(file), offset, source).catch(async (error: unknown) => {
      // What a full disk took of it would keep the disk full. It stays when not even this works: nothing relies on it.
      await ftruncate(file.fd, offset).catch(() => {});
      throw error;
    });
    await this.#gate.syncData(file.fd);
    this.#durable.set(id, result.size);
    // Bytes outlive a power cut only together with the name that leads to them.
    if (offset === 0) await this.#gate.syncDirectory(this.#directory);
    return result;
  }

  async size(id: string): Promise<number | undefined> {
    if (!isUploadId(id)) return undefined;
    return (await statIfThere(this.path(id)))?.size;
  }

  async *read(id: string, size: number): AsyncGenerator<Uint8Array, void, void> {
    await using file = await this.#open(id, O_RDONLY);
    const held = (await fstat(file.fd)).size;
    if (held < size) throw new UploadMissing(`Upload "${id}" holds ${held} bytes, not ${size}`);
    yield* readSpan(file, { start: 0, end: size - 1 });
  }

  /** Makes a whole upload durable and gives it the time of now. Throws `UploadMissing` unless it holds `size` bytes. */
  async settle(id: string, size: number): Promise<void> {
    await using file = await this.#open(id, O_RDONLY);
    const held = (await fstat(file.fd)).size;
    if (held !== size) throw new UploadMissing(`Upload "${id}" holds ${held} bytes, not ${size}`);
    if (this.#durable.get(id) !== size) await this.#gate.syncData(file.fd);
    this.#durable.delete(id);
    const now = new Date();
    await futimes(file.fd, now, now);
  }

  async discard(id: string): Promise<void> {
    this.#durable.delete(id);
    if (isUploadId(id)) await unlinkIfThere(this.path(id));
  }

  async *list(): AsyncGenerator<{ readonly id: string; readonly touchedAt: number }, void, void> {
    for (const id of (await readdir(this.#directory)).filter(isUploadId)) {
      const found = await statIfThere(this.path(id));
      if (found !== undefined) yield { id, touchedAt: Math.floor(found.mtimeMs) };
    }
  }

  /** Throws when no file can be written here. */
  async probe(): Promise<void> {
    const path = join(this.#directory, PROBE_FILE);
    {
      await using file = await openDescriptor(path, O_CREAT | O_TRUNC | O_WRONLY);
      await writev(file.fd, [Buffer.from('probe')], 0);
    }
    await unlinkIfThere(path);
  }

  /** A sealed file is a blob as well, and must stay as it is: a copy of its first bytes takes its place here. */
  async #unshare(id: string, file: Descriptor, size: number): Promise<void> {
    const path = this.path(randomUUID());
    try {
      await using copy = await openDescriptor(path, O_CREAT | O_EXCL | O_WRONLY);
      const { error } = await writeBatches(writerTo(copy), 0, readSpan(file, { start: 0, end: size - 1 }));
      if (error !== undefined) throw error;
      await this.#gate.syncData(copy.fd);
      await rename(path, this.path(id));
    } catch (error) {
      await unlinkIfThere(path);
      throw error;
    }
    await this.#gate.syncDirectory(this.#directory);
  }

  async #open(id: string, flags: number): Promise<Descriptor> {
    try {
      return await openDescriptor(this.path(id), flags);
    } catch (cause) {
      throw isAbsent(cause) ? new UploadMissing(`There is no upload "${id}"`, { cause }) : cause;
    }
  }
}

function writerTo(file: Descriptor): WriteVector {
  return async (buffers, at) => (await writev(file.fd, buffers, at)).bytesWritten;
}
