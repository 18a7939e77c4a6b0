import { truncate } from 'node:fs/promises';
import type { Blobs, MetadataStore } from '@mcr/db';
import { withFacets } from '@mcr/db/testing';
import { DiskBlobInspector } from '@mcr/storage';
import { blobOf, seededBytes, type TestBlob } from '@mcr/testkit';
import { expect, test, vi } from 'vitest';
import { diskOf } from '../../src/blob-stores.ts';
import type { RepairOutcome } from '../../src/services/fsck/finding.ts';
import { runFsck } from '../../src/services/fsck/run-fsck.ts';
import { expectBodyless } from '../_util/errors.ts';
import { pushBlobs } from '../_util/manifests.ts';
import { useServer } from '../_util/use-server.ts';
import { fileOf, fsck } from './_fsck.ts';

const server = useServer();
const flags = { deep: true, repair: true, removeMostFiles: false, quarantineMostBlobs: true };

/** Repairs with a store of which one method of the blobs is another. */
async function repairWith(overrides: (store: MetadataStore) => Partial<Blobs>): Promise<RepairOutcome[]> {
  const { store, clock, settings } = server().context.services;
  const outcomes: RepairOutcome[] = [];
  await runFsck({
    store: withFacets(store, { blobs: { ...store.blobs, ...overrides(store) } }),
    files: await DiskBlobInspector.open(diskOf(server().context.config.storage)),
    clock,
    settings,
    options: flags,
    actor: {},
    onFinding: (_, outcome) => outcomes.push(outcome!),
  });
  return outcomes;
}

async function pushDamaged(seed: string): Promise<TestBlob> {
  const blob = blobOf(seededBytes(seed, 2_000));
  await pushBlobs(server().admin, 'app', blob);
  await truncate(fileOf(server(), blob.digest), 10);
  return blob;
}

async function expectServed(blob: TestBlob): Promise<void> {
  expectBodyless(await server().admin.headBlob('app', blob.digest), 200);
  expect((await server().admin.hashBlob('app', blob.digest)).digest).toBe(blob.digest);
  expect(await fsck(server(), '--deep')).toMatchObject({ clean: true });
}

test('a blob that is pushed just before fsck takes it out of service stays in service', async () => {
  const blob = await pushDamaged('before');
  const outcomes = await repairWith((store) => ({
    quarantine: async (input) => {
      await pushBlobs(server().admin, 'app', blob);
      return await store.blobs.quarantine(input);
    },
  }));
  expect(outcomes).toEqual([{ done: 'back in service', settled: true }]);
  await expectServed(blob);
});

test('a blob that is pushed just after fsck takes it out of service is in service', async () => {
  const blob = await pushDamaged('after');
  await repairWith((store) => ({
    quarantine: async (input) => {
      const marked = await store.blobs.quarantine(input);
      await pushBlobs(server().admin, 'app', blob);
      return marked;
    },
  }));
  await expectServed(blob);
});

test('a blob that fsck takes out of service between the two steps of a push is in service when that ends', async () => {
  const blob = await pushDamaged('between');
  const { blobs } = server().context.services;
  const seal = blobs.seal.bind(blobs);
  const sealing = vi.spyOn(blobs, 'seal');
  try {
    await repairWith((store) => ({
      quarantine: async (input) => {
        let marked = false;
        sealing.mockImplementationOnce(async (...args) => {
          const locator = await seal(...args);
          marked = await store.blobs.quarantine(input);
          return locator;
        });
        expect((await server().admin.pushBlob('app', blob)).status).toBe(201);
        expect(marked).toBe(true);
        return marked;
      },
    }));
  } finally {
    sealing.mockRestore();
  }
  await expectServed(blob);
});
