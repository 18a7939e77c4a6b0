import type { BlobState } from '../blob-inspector.ts';
import type { Locator, OpenBlob, OpenOptions, StoredBlob, UploadPiece } from '../blob-store.ts';
import { BlobMissing, UploadMissing } from '../errors.ts';
import { headObject, listObjects } from './client/objects.ts';
import type { S3Client } from './client/s3-client.ts';
import { isAbsent, S3Error } from './client/s3-error.ts';
import type { Marker } from './marker.ts';
import { isLocator } from './names.ts';
import { openedObject } from './opened-object.ts';
import { readSpan, type StartedRead, startRead } from './read-object.ts';
import { translateError } from './translate-error.ts';

/** The objects of a store, blobs and pieces. */
export class Objects {
  readonly #client: S3Client;
  readonly #marker: Marker;
  readonly #directory: string;

  constructor(client: S3Client, marker: Marker, prefix: string) {
    this.#client = client;
    this.#marker = marker;
    this.#directory = `${prefix}b/`;
  }

  /** The key of a locator; of an empty text, what the keys of all begin with. */
  keyOf(locator: Locator): string {
    return this.#directory + locator;
  }

  async stat(locator: Locator): Promise<BlobState | undefined> {
    if (!isLocator(locator)) return undefined;
    const found = await headObject(this.#client, this.keyOf(locator));
    if (found === undefined) return undefined;
    const { size, modifiedAt, etag } = found;
    return { locator, size, sealedAt: modifiedAt, identity: [etag, size, modifiedAt].join() };
  }

  async *list(after: Locator): AsyncGenerator<StoredBlob, void, void> {
    const options = after === '' ? {} : { after: this.keyOf(after) };
    for await (const { key, size, modifiedAt } of listObjects(this.#client, this.#directory, options)) {
      const locator = key.slice(this.#directory.length);
      if (isLocator(locator)) yield { locator, size, sealedAt: modifiedAt };
    }
  }

  async *read(pieces: readonly UploadPiece[]): AsyncGenerator<Uint8Array, void, void> {
    for (const { locator, size } of pieces) {
      if (!isLocator(locator)) throw new UploadMissing(`"${locator}" is not the locator of a piece of an upload`);
      const span = { start: 0, end: size - 1 };
      const started = await this.#start(locator, span, UploadMissing);
      if (started.size < size) {
        started.body.destroy();
        throw new UploadMissing(`"${locator}" has ${started.size} bytes, not ${size}`);
      }
      for await (const bytes of readSpan(this.#client, this.keyOf(locator), span, started)) yield Buffer.from(bytes);
    }
  }

  /** Sends the request for the bytes that will be read, so that what is wrong shows before a response begins. */
  async open(locator: Locator, expectedSize: number, { onFailure, span }: OpenOptions): Promise<OpenBlob> {
    if (!isLocator(locator)) throw new BlobMissing(`"${locator}" is not a locator, <2 hex>/<uuid>`);
    const started =
      expectedSize === 0
        ? undefined
        : await this.#start(locator, span ?? { start: 0, end: expectedSize - 1 }, BlobMissing);
    const found = started?.size ?? (await this.#sizeOf(locator));
    if (found !== expectedSize) {
      started?.body.destroy();
      throw new BlobMissing(`Blob "${locator}" holds ${found} bytes, not ${expectedSize}; push it again`, { found });
    }
    const failed = async (error: unknown): Promise<unknown> => {
      const reason = isAbsent(error) ? await this.#whyMissing(locator, error) : error;
      onFailure?.(reason);
      return translateError(reason);
    };
    return openedObject({ client: this.#client, key: this.keyOf(locator), size: expectedSize, started, failed });
  }

  /** Throws `BlobMissing` or `UploadMissing` when there is no object, or none of these bytes. */
  async #start(
    locator: Locator,
    span: { readonly start: number; readonly end: number },
    Missing: typeof BlobMissing | typeof UploadMissing,
  ): Promise<StartedRead> {
    try {
      return await startRead(this.#client, this.keyOf(locator), span);
    } catch (error) {
      if (isAbsent(error))
        throw Missing === BlobMissing
          ? await this.#missing(locator, error)
          : new Missing(`There is no piece "${locator}"`, { cause: error });
      if (!(error instanceof S3Error) || error.status !== 416) throw error;
      const found = error.size ?? (await this.#sizeOf(locator));
      throw new Missing(`"${locator}" holds ${found} bytes, and none at ${span.start}`, { found, cause: error });
    }
  }

  async #sizeOf(locator: Locator): Promise<number> {
    const found = await this.stat(locator);
    if (found === undefined) throw await this.#missing(locator);
    return found.size;
  }

  async #whyMissing(locator: Locator, cause: unknown): Promise<unknown> {
    try {
      return await this.#missing(locator, cause);
    } catch (error) {
      return error;
    }
  }

  /** Asks again, and for the canary: a bucket that is not what it was is no damage of each blob. */
  async #missing(locator: Locator, cause?: unknown): Promise<Error> {
    const found = await this.stat(locator);
    if (found !== undefined) return new S3Error(`GET "${locator}": there is no object, and now there is`, { cause });
    await this.#marker.assertInPlace();
    return new BlobMissing(`There is no blob at "${locator}"`, { cause });
  }
}
