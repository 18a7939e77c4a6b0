import { afterEach, beforeEach } from 'vitest';
import type { MetadataStore } from '../metadata-store.ts';

/** An empty store, and how to get rid of it. */
export interface StoreUnderTest {
  readonly store: MetadataStore;
  dispose(): Promise<void>;
}

export type MakeStore = () => Promise<StoreUnderTest>;

/** The store of the test that runs. */
export interface CurrentStore<Subject extends StoreUnderTest = StoreUnderTest> {
  readonly store: MetadataStore;
  /** All that was made for the test. */
  readonly subject: Subject;
}

/** Gives every test of the surrounding block an empty store of its own. */
export function useStore<Subject extends StoreUnderTest>(make: () => Promise<Subject>): CurrentStore<Subject> {
  let current: Subject | undefined;
  beforeEach(async () => {
    current = await make();
  });
  afterEach(async () => {
    await current?.dispose();
    current = undefined;
  });
  return {
    get store() {
      return this.subject.store;
    },
    get subject() {
      if (current === undefined) throw new Error('There is a store only while a test runs');
      return current;
    },
  };
}
