import type { UploadPiece } from '../blob-store.ts';
import { type Chunks, chunksOf } from '../chunks.ts';
import type { SentPart } from './client/multipart.ts';
import {
  abortMultipart,
  completeMultipart,
  createMultipart,
  type MultipartUpload,
  putPart,
} from './client/multipart.ts';
import { deleteObject, putObject } from './client/objects.ts';
import type { S3Client } from './client/s3-client.ts';
import { newLocator } from './names.ts';
import type { PartBuffers } from './part-buffers.ts';

/** What bytes are written with. */
export interface ObjectWriterParts {
  readonly client: S3Client;
  readonly buffers: PartBuffers;
  /** The key of a locator. */
  readonly keyOf: (locator: string) => string;
}

/** How bytes are written. */
export interface WriteOptions {
  /** Whether bytes that came before this error of the source are kept. */
  readonly keeps: (error: unknown) => boolean;
  /** SHA-256 of all that the source has yielded so far, in hex; `undefined` where it is not known. */
  readonly sha256?: () => string | undefined;
  /** Called with chunks that were copied. */
  readonly release?: (chunks: readonly Uint8Array[]) => void;
}

/**
 * Writes bytes as a new object: with one request up to the size of a part, else as a multipart upload whose parts but the
 * last have one size, one being sent while the next is filled. `error` is what the source broke off with.
 */
export async function writeObject(
  parts: ObjectWriterParts,
  source: AsyncIterable<Chunks>,
  options: WriteOptions,
): Promise<{ readonly piece?: UploadPiece; readonly error?: unknown }> {
  const writing = new WritingObject(parts, options);
  try {
    const broken = await fill(writing, source, options.release);
    if (broken !== undefined && !options.keeps(broken.error)) {
      await writing.abandon();
      return broken;
    }
    const piece = await writing.finish();
    return { ...(piece !== undefined && { piece }), ...broken };
  } catch (error) {
    await writing.abandon();
    throw error;
  } finally {
    writing.release();
  }
}

/** Resolves with what the source broke off with; throws what writing fails with. */
async function fill(
  writing: WritingObject,
  source: AsyncIterable<Chunks>,
  release?: (chunks: readonly Uint8Array[]) => void,
): Promise<{ readonly error: unknown } | undefined> {
  const chunks = source[Symbol.asyncIterator]();
  for (;;) {
    const next = await chunks.next().catch((error: unknown) => ({ error }));
    if ('error' in next) return next;
    if (next.done) return undefined;
    try {
      const given = chunksOf(next.value);
      for (const chunk of given) await writing.add(chunk);
      release?.(given);
    } catch (error) {
      await chunks.return?.();
      throw error;
    }
  }
}

class WritingObject {
  readonly #parts: ObjectWriterParts;
  readonly #options: WriteOptions;
  #buffer: Buffer | undefined;
  #filled = 0;
  #size = 0;
  #upload: { readonly locator: string; readonly multipart: MultipartUpload } | undefined;
  readonly #sent: SentPart[] = [];
  #sending: Promise<void> = Promise.resolve();
  #count = 0;

  constructor(parts: ObjectWriterParts, options: WriteOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  async add(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length; ) {
      if (this.#buffer !== undefined && this.#filled === this.#buffer.length) await this.#sendPart();
      this.#buffer ??= await this.#parts.buffers.take();
      const count = Math.min(chunk.length - at, this.#buffer.length - this.#filled);
      this.#buffer.set(chunk.subarray(at, at + count), this.#filled);
      this.#filled += count;
      this.#size += count;
      at += count;
    }
  }

  /** The piece, durable; `undefined` when there were no bytes. */
  async finish(): Promise<UploadPiece | undefined> {
    if (this.#buffer === undefined) return undefined;
    const { client, keyOf } = this.#parts;
    if (this.#upload === undefined) {
      const locator = newLocator(this.#size);
      const sha256 = this.#options.sha256?.();
      const body = this.#buffer.subarray(0, this.#filled);
      await putObject(client, keyOf(locator), body, sha256 === undefined ? {} : { sha256 });
      return { locator, size: this.#size };
    }
    await this.#sendPart();
    await this.#sending;
    await completeMultipart(client, this.#upload.multipart, this.#sent);
    return { locator: this.#upload.locator, size: this.#size };
  }

  /** Leaves nothing of it; what cannot be removed is left to the sweep. */
  async abandon(): Promise<void> {
    const { client, keyOf } = this.#parts;
    await this.#sending.catch(() => {});
    if (this.#upload === undefined) return;
    const { multipart, locator } = this.#upload;
    await abortMultipart(client, multipart).catch(() => {});
    // The response to a completion may have been lost.
    await deleteObject(client, keyOf(locator)).catch(() => {});
  }

  release(): void {
    if (this.#buffer !== undefined) this.#parts.buffers.give(this.#buffer);
    this.#buffer = undefined;
  }

  /** Sends what is buffered while the next part is filled, if there is memory for both; else waits for it to be sent. */
  async #sendPart(): Promise<void> {
    const { client, buffers, keyOf } = this.#parts;
    const [buffer, filled] = [this.#buffer, this.#filled];
    if (buffer === undefined) return;
    if (this.#upload === undefined) {
      const locator = newLocator();
      this.#upload = { locator, multipart: await createMultipart(client, keyOf(locator)) };
    }
    const { multipart } = this.#upload;
    await this.#sending;
    this.#count += 1;
    const number = this.#count;
    this.#buffer = undefined;
    this.#filled = 0;
    const send = async (): Promise<void> => {
      this.#sent[number - 1] = await putPart(client, multipart, number, buffer.subarray(0, filled));
    };
    const sending = send();
    this.#buffer = buffers.tryTake();
    if (this.#buffer === undefined) {
      this.#buffer = buffer;
      await sending;
      return;
    }
    this.#sending = sending.finally(() => buffers.give(buffer));
    // Its failure is met where it is waited for.
    this.#sending.catch(() => {});
  }
}
