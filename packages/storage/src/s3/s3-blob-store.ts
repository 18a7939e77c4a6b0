import { type Digest, parseDigest } from '@mcr/core';
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
import { UploadMissing } from '../errors.ts';
import { verifying } from '../verifying.ts';
import type { S3Figures } from './client/figures.ts';
import { abortMultipart, listMultiparts } from './client/multipart.ts';
import { deleteObject, putObject } from './client/objects.ts';
import { S3Client, type S3ClientOptions } from './client/s3-client.ts';
import { Marker } from './marker.ts';
import { isId, isLocator, newLocator, sizeIn } from './names.ts';
import { Objects } from './objects.ts';
import { PartBuffers } from './part-buffers.ts';
import { translated, translatedAll, unavailable } from './translate-error.ts';
import { writeObject } from './write-object.ts';

/** A store in a bucket. */
export interface S3BlobStoreOptions extends S3ClientOptions {
  /** What all keys begin with, such as `registry/`; may be empty. */
  readonly prefix: string;
  /** Bytes of a part of a large object, and the most that one request writes. */
  readonly partSize: number;
  /** Bytes of memory for parts of all uploads. */
  readonly buffers: number;
}

/**
 * Blobs as objects `<prefix>b/<2 hex>/<uuid>` of a bucket, which any number of processes may use. A piece is an object, and
 * becomes the blob if it is the only one: no byte is copied, and `list` shows both.
 */
export class S3BlobStore implements BlobStore {
  readonly extendsPieces = false;
  readonly #client: S3Client;
  readonly #marker: Marker;
  readonly #objects: Objects;
  readonly #buffers: PartBuffers;
  readonly #active = new Set<Promise<unknown>>();

  private constructor(client: S3Client, marker: Marker, { prefix, partSize, buffers }: S3BlobStoreOptions) {
    this.#client = client;
    this.#marker = marker;
    this.#objects = new Objects(client, marker, prefix);
    this.#buffers = new PartBuffers({ partSize, total: buffers });
  }

  /** Opens the store until `close`. Throws an `S3Error` when the bucket cannot be read. */
  static async open(options: S3BlobStoreOptions): Promise<S3BlobStore> {
    const client = new S3Client(options);
    try {
      return new S3BlobStore(client, await Marker.open(client, options.prefix), options);
    } catch (error) {
      client.close();
      throw error;
    }
  }

  get id(): string | undefined {
    return this.#marker.id;
  }

  /** What the store has done so far, for metrics. */
  get figures(): S3Figures {
    return this.#client.figures;
  }

  /** Whether transfers are rejected for the moment, since the server fails. */
  get isBroken(): boolean {
    return this.#client.breaker.isOpen;
  }

  adopt(id: string): Promise<string> {
    return translated(() => this.#marker.claim(id));
  }

  async append(
    upload: string,
    source: AsyncIterable<Chunks>,
    { keeps = () => true, sha256, release }: AppendOptions = {},
  ): Promise<AppendResult> {
    if (!isId(upload)) throw new TypeError(`Invalid upload id "${upload}"; use a UUID in lower case`);
    const options = { keeps, ...(sha256 !== undefined && { sha256 }), ...(release !== undefined && { release }) };
    return await this.#tracked(() => this.#write(source, options));
  }

  read(pieces: readonly UploadPiece[]): AsyncIterable<Uint8Array> {
    return translatedAll(this.#objects.read(pieces));
  }

  pieceSize(locator: Locator): Promise<number | undefined> {
    return translated(async () => (await this.#objects.stat(locator))?.size);
  }

  async seal(
    pieces: readonly UploadPiece[],
    digest: Digest,
    size: number,
    { verified = false }: { readonly verified?: boolean } = {},
  ): Promise<SealedBlob> {
    parseDigest(digest);
    const total = pieces.reduce((sum, piece) => sum + piece.size, 0);
    if (total !== size) throw new UploadMissing(`The pieces have ${total} bytes, not ${size}`);
    return await this.#tracked(async () => {
      const content = () => verifying(this.#objects.read(pieces), digest);
      const [piece, ...more] = pieces;
      if (piece !== undefined && more.length === 0 && (await this.#isWhole(piece))) {
        if (!verified) for await (const _ of content());
        return { locator: piece.locator };
      }
      const written = await this.#write(content(), { keeps: () => false });
      if (written.error !== undefined) throw written.error;
      return { locator: written.piece?.locator ?? (await this.#writeEmpty()) };
    });
  }

  /** Locators are not made of digests here. */
  digestOf(): undefined {
    return undefined;
  }

  open(locator: Locator, expectedSize: number, options: OpenOptions = {}): Promise<OpenBlob> {
    return translated(async () => {
      this.#assertWorking();
      return await this.#objects.open(locator, expectedSize, options);
    });
  }

  async url(locator: Locator, { ttl, contentType }: { readonly ttl: number; readonly contentType: string }) {
    if (!isLocator(locator)) return undefined;
    const query = { 'response-content-type': contentType };
    return await translated(() => this.#client.presign(this.#objects.keyOf(locator), Math.ceil(ttl / 1000), query));
  }

  remove(locator: Locator): Promise<void> {
    if (!isLocator(locator)) return Promise.resolve();
    return translated(() => deleteObject(this.#client, this.#objects.keyOf(locator)));
  }

  list(after: Locator = ''): AsyncIterable<StoredBlob> {
    return translatedAll(this.#objects.list(after));
  }

  /** None: pieces are in `list`. */
  async *listPieces(): AsyncGenerator<StoredPiece, void, void> {}

  async abortUnfinished(startedBefore: number): Promise<number> {
    return await translated(async () => {
      let aborted = 0;
      for await (const upload of listMultiparts(this.#client, this.#objects.keyOf(''))) {
        if (!(upload.startedAt < startedBefore)) continue;
        await abortMultipart(this.#client, upload);
        aborted += 1;
      }
      return aborted;
    });
  }

  /** Reads the id of the store, and writes nothing. */
  check(): Promise<void> {
    return translated(() => this.#marker.assertInPlace());
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#active);
    this.#client.close();
  }

  #write(source: AsyncIterable<Chunks>, options: Parameters<typeof writeObject>[2]): Promise<AppendResult> {
    this.#assertWorking();
    const keyOf = (locator: Locator) => this.#objects.keyOf(locator);
    return writeObject({ client: this.#client, buffers: this.#buffers, keyOf }, source, options);
  }

  async #writeEmpty(): Promise<Locator> {
    const locator = newLocator(0);
    await putObject(this.#client, this.#objects.keyOf(locator), new Uint8Array(0));
    return locator;
  }

  /** Whether a piece is all of its object. Where its name has the size, the server is not asked. */
  async #isWhole({ locator, size }: UploadPiece): Promise<boolean> {
    const found = sizeIn(locator) ?? (await this.#objects.stat(locator))?.size;
    if (found !== undefined && found >= size) return found === size;
    throw new UploadMissing(`"${locator}" has ${found ?? 'no'} bytes, not ${size}`);
  }

  #assertWorking(): void {
    const wait = this.#client.breaker.wait();
    if (wait > 0) throw unavailable(wait, new Error('the storage has failed 20 times in 10 seconds'));
  }

  /** Does something that `close` waits for. */
  async #tracked<T>(task: () => Promise<T>): Promise<T> {
    const running = translated(task);
    this.#active.add(running);
    return await running.finally(() => this.#active.delete(running));
  }
}
