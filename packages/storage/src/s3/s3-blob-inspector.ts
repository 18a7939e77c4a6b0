import type { Digest } from '@mcr/core';
import type { BlobInspector, BlobState } from '../blob-inspector.ts';
import type { Locator, OpenBlob, StoredBlob, StoredPiece } from '../blob-store.ts';
import { S3Client, type S3ClientOptions } from './client/s3-client.ts';
import { Marker } from './marker.ts';
import { Objects } from './objects.ts';
import { translated, translatedAll } from './translate-error.ts';

/** Looks at the objects of an `S3BlobStore`, and writes none. */
export class S3BlobInspector implements BlobInspector {
  readonly #client: S3Client;
  readonly #objects: Objects;
  readonly id: string | undefined;

  private constructor(client: S3Client, marker: Marker, prefix: string) {
    this.#client = client;
    this.#objects = new Objects(client, marker, prefix);
    this.id = marker.id;
  }

  /** Throws an `S3Error` when the bucket cannot be read. */
  static async open(options: S3ClientOptions & { readonly prefix: string }): Promise<S3BlobInspector> {
    const client = new S3Client(options);
    try {
      return new S3BlobInspector(client, await Marker.open(client, options.prefix), options.prefix);
    } catch (error) {
      client.close();
      throw error;
    }
  }

  list(after: Locator = ''): AsyncIterable<StoredBlob> {
    return translatedAll(this.#objects.list(after));
  }

  stat(locator: Locator): Promise<BlobState | undefined> {
    return translated(() => this.#objects.stat(locator));
  }

  /** None: locators are not made of digests here. */
  async locatorsOf(_digest: Digest): Promise<readonly Locator[]> {
    return [];
  }

  digestOf(): undefined {
    return undefined;
  }

  open(locator: Locator, expectedSize: number): Promise<OpenBlob> {
    return translated(() => this.#objects.open(locator, expectedSize, {}));
  }

  /** None: pieces are in `list`. */
  async *listPieces(): AsyncGenerator<StoredPiece, void, void> {}

  pieceSize(locator: Locator): Promise<number | undefined> {
    return translated(async () => (await this.#objects.stat(locator))?.size);
  }

  async close(): Promise<void> {
    this.#client.close();
  }
}
