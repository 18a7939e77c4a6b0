import { afterEach, beforeEach, describe, expect } from 'vitest';
import type { BlobStore } from '../blob-store.ts';
import { removeAll, toArray } from './content.ts';
import { openFiles } from './descriptors.ts';
import { listing } from './listing.ts';
import { model } from './model.ts';
import { owning } from './owning.ts';
import { reading } from './reading.ts';
import { sealing } from './sealing.ts';
import { type BlobStoreTraits, uploading } from './uploading.ts';

/** An empty store, made for one case. */
export interface MadeBlobStore {
  readonly store: BlobStore;
  /** Closes the store and removes it; throws when it finds something that the store should have removed. */
  dispose(): Promise<void>;
}

/**
 * What every `BlobStore` must do. Each case gets an empty store; after it, the store must let itself be emptied, show
 * nothing more, and hold no file open.
 */
export function describeBlobStore(name: string, make: () => Promise<MadeBlobStore>, traits: BlobStoreTraits): void {
  describe(name, () => {
    let made: MadeBlobStore;
    let openBefore: readonly string[];
    const store = () => made.store;

    beforeEach(async () => {
      made = await make();
      openBefore = openFiles();
    });

    afterEach(async () => {
      const openAfter = openFiles();
      await empty(store());
      const blobs = await toArray(store().list());
      const pieces = await toArray(store().listPieces());
      await made.dispose();
      expect({ openAfter, blobs, pieces }, 'left over').toEqual({ openAfter: openBefore, blobs: [], pieces: [] });
    });

    describe('uploading', () => uploading(store, traits));
    describe('sealing', () => sealing(store, traits));
    describe('reading', () => reading(store));
    describe('listing', () => listing(store, traits));
    describe('owning', () => owning(store));
    describe('as a whole', () => model(store, traits));
  });
}

async function empty(store: BlobStore): Promise<void> {
  await removeAll(store, await toArray(store.list()));
  await removeAll(store, await toArray(store.listPieces()));
}
