import { realpath } from 'node:fs/promises';
import type { Digest } from '@mcr/core';
import type { BlobInspector, BlobState } from '../blob-inspector.ts';
import type { Locator, OpenBlob, StoredBlob, StoredPiece } from '../blob-store.ts';
import { Layers } from './layers.ts';
import { readStoreId } from './marker.ts';
import { digestOf } from './names.ts';
import { Pieces } from './pieces.ts';
import { openedBlob, ReadBuffers } from './read-span.ts';
import { WriteGate } from './write-gate.ts';

/** Looks at the files of a `DiskBlobStore`, beside the process that owns it. Never touches the file of the owner's lock. */
export class DiskBlobInspector implements BlobInspector {
  readonly #buffers = new ReadBuffers();
  readonly #layers: Layers;
  readonly #pieces: Pieces;
  readonly id: string | undefined;

  private constructor(layers: Layers, pieces: Pieces, id: string | undefined) {
    this.id = id;
    this.#layers = layers;
    this.#pieces = pieces;
  }

  /** Throws when one of the directories is not there, or was never a store's: it makes none. */
  static async open(paths: { readonly layersPath: string; readonly uploadsPath: string }): Promise<DiskBlobInspector> {
    const gate = new WriteGate(() => {});
    const directory = await existing(paths.layersPath);
    const layers = new Layers(directory, gate);
    await layers.probe().catch((cause: unknown) => {
      const hint = 'mount its disk, or start the server once to make it one';
      throw new Error(`"${paths.layersPath}" is no directory of blobs; ${hint}`, { cause });
    });
    return new DiskBlobInspector(
      layers,
      new Pieces(await existing(paths.uploadsPath), gate),
      await readStoreId(directory),
    );
  }

  list(after: Locator = ''): AsyncIterable<StoredBlob> {
    return this.#layers.list(after);
  }

  stat(locator: Locator): Promise<BlobState | undefined> {
    return this.#layers.stat(locator);
  }

  locatorsOf(digest: Digest): Promise<readonly Locator[]> {
    return this.#layers.locatorsOf(digest);
  }

  digestOf(locator: Locator): Digest | undefined {
    return digestOf(locator);
  }

  async open(locator: Locator, expectedSize: number): Promise<OpenBlob> {
    return openedBlob(await this.#layers.open(locator, expectedSize), expectedSize, { buffers: this.#buffers });
  }

  listPieces(): AsyncIterable<StoredPiece> {
    return this.#pieces.list();
  }

  pieceSize(locator: Locator): Promise<number | undefined> {
    return this.#pieces.size(locator);
  }
}

async function existing(path: string): Promise<string> {
  return await realpath(path).catch((cause: unknown) => {
    throw new Error(`"${path}" cannot be read; mount its disk, or start the server once to make it`, { cause });
  });
}
