import { randomUUID } from 'node:crypto';
import { type Digest, digestOf, RegistryError } from '@mcr/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MetadataStore } from '../metadata-store.ts';
import { ada, isIn, latest, publish, push, reviewAll, trashed } from './fixtures.ts';
import { type Action, anyAction, blobNames, blobsOf, grace, lease, repositories } from './model-actions.ts';
import { ModelRegistry } from './model-registry.ts';
import type { MakeStore } from './store-under-test.ts';

export function modelContract(make: MakeStore): void {
  describe('any sequence of operations', () => {
    test('shows clients what a registry without garbage collection would, and in the end keeps no garbage', async () => {
      const scenario = fc.asyncProperty(fc.array(anyAction, { minLength: 5, maxLength: 40 }), async (actions) => {
        const subject = await make();
        const { store } = subject;
        try {
          const model = new ModelRegistry();
          const published = new Map<string, Digest>();
          for (const action of actions) {
            const now = model.now;
            expect({ action, succeeds: await perform(store, action, now, published) }).toEqual({
              action,
              succeeds: model.apply(action),
            });
            await expectSameView(store, model);
            await expectCounted(store, model);
          }
          await expectNoGarbage(store, model, published);
        } finally {
          await subject.dispose();
        }
      });
      await fc.assert(scenario, { numRuns: 40 });
    }, 120_000);
  });
}

/** Runs an action on the store; whether it was done, as opposed to rejected. */
export async function perform(
  store: MetadataStore,
  action: Action,
  now: number,
  published: Map<string, Digest>,
): Promise<boolean> {
  try {
    return (await run(store, action, now, published)) !== undefined;
  } catch (error) {
    if (error instanceof RegistryError) return false;
    throw error;
  }
}

/** Every seal has a locator of its own; `published` gets those that stand. */
async function run(
  store: MetadataStore,
  action: Action,
  now: number,
  published: Map<string, Digest>,
): Promise<unknown> {
  const change = { actor: ada, now, reviewAfter: now + grace };
  const leasedUntil = now + lease;
  switch (action.do) {
    case 'publish': {
      const own = { ...change, leasedUntil, locator: randomUUID() };
      const { locator, digest } = await publish(store, action.repository, action.blob, own);
      return published.set(locator, digest);
    }
    case 'claim':
      return store.blobs.claim({ repository: action.repository, digest: digestOf(action.blob), leasedUntil, now });
    case 'mount':
      return store.blobs.mount({ ...change, ...action, digest: digestOf(action.blob), leasedUntil });
    case 'push':
      return push(store, action.repository, action.manifest, {
        ...change,
        blobs: blobsOf(action.manifest),
        tags: [latest],
      });
    case 'deleteBlob':
      await store.blobs.delete({ ...change, repository: action.repository, digest: digestOf(action.blob) });
      return true;
    case 'deleteManifest':
      await store.manifests.delete({ ...change, repository: action.repository, digest: digestOf(action.manifest) });
      return true;
    case 'deleteTag':
      await store.tags.delete({ ...change, repository: action.repository, tag: latest });
      return true;
    case 'deleteRepository':
      await store.repositories.delete({ ...change, repository: action.repository });
      return true;
    case 'review':
      return store.gc.review({ now, limit: action.limit });
    case 'wait':
      return true;
  }
}

async function expectSameView(store: MetadataStore, model: ModelRegistry): Promise<void> {
  for (const repository of repositories) {
    for (const blob of blobNames) {
      const digest = digestOf(blob);
      const found = await isIn(store, repository, digest, model.now);
      expect({ repository, blob, found }).toEqual({ repository, blob, found: model.isIn(repository, digest) });
    }
  }
}

/** What waits for collection is each blob that no manifest references, and the trash. */
async function expectCounted(store: MetadataStore, model: ModelRegistry): Promise<void> {
  const kept = model.referenced();
  const rows = await store.inspection.listBlobs({ limit: 100 });
  const waiting = [...rows.filter(({ digest }) => !kept.has(digest)), ...(await store.gc.listTrash({ limit: 100 }))];
  const bytes = waiting.reduce((total, { size }) => total + size, 0);
  expect(await store.gc.pending()).toMatchObject({ blobs: waiting.length, bytes });
}

/** Once every lease has ended and every review is due, what is left is what manifests reference; the rest is trash. */
async function expectNoGarbage(
  store: MetadataStore,
  model: ModelRegistry,
  published: ReadonlyMap<string, Digest>,
): Promise<void> {
  await reviewAll(store, model.now + grace + lease);
  const kept = (await store.inspection.listBlobs({ limit: 100 })).map(({ locator, digest }) => ({ locator, digest }));
  expect(kept.map(({ digest }) => digest).toSorted()).toEqual([...model.referenced()].toSorted());
  const garbage = [...published.keys()].filter((locator) => kept.every((blob) => blob.locator !== locator));
  expect(await trashed(store)).toEqual(garbage.toSorted());
}
