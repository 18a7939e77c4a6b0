import { digestOf, type RepositoryName } from '@mcr/core';
import { layerFiles } from '@mcr/stress';
import { describe, expect, test } from 'vitest';
import { collectUpTo, useRegistry } from './_fixture.ts';
import { app, collect, gracePeriod, isWhole, minute, other } from './_registry.ts';
import { head, mount, push, pushInSteps, pushManifest, removeManifest } from './_verbs.ts';

const layer = digestOf('layer');
const current = useRegistry();

/** What counts in the end: a manifest may name the blob, and then it stays, with all its bytes. */
async function expectStays(repository: RepositoryName = app) {
  const { registry } = current;
  await pushManifest(registry, ['layer'], { repository });
  registry.clock.advance(2 * gracePeriod);
  const last = { state: 'completed', blobsRemoved: 0, orphansRemoved: 0, missingFiles: 0 };
  expect(await collect(registry, { reconcile: true })).toMatchObject(last);
  expect(await isWhole(registry, repository, layer)).toBe(true);
}

describe('before the review', () => {
  test('the review validates again: a manifest that came after the blob was queued keeps it', async () => {
    const { registry } = current;
    await push(registry, 'layer');
    registry.clock.advance(gracePeriod - 1);
    const run = await collectUpTo(registry, registry.steps.holdBefore('gc.review'));
    await pushManifest(registry, ['layer']);
    await run.finish();
    registry.clock.advance(1);
    expect(await collect(registry)).toMatchObject({ examined: 1, blobsRemoved: 0 });
    await expectStays();
  });

  test('a blob that was mounted elsewhere after it was queued stays', async () => {
    const { registry } = current;
    await push(registry, 'layer');
    registry.clock.advance(gracePeriod - minute);
    await mount(registry, layer, other);
    registry.clock.advance(minute);
    await expect(head(registry, layer)).rejects.toMatchObject({ code: 'BLOB_UNKNOWN' });
    expect(await collect(registry)).toMatchObject({ blobsRemoved: 0 });
    await expectStays(other);
  });

  test('a mount during a run that has not come to the blob yet keeps it', async () => {
    const { registry } = current;
    await push(registry, 'layer');
    registry.clock.advance(gracePeriod - minute);
    const run = await collectUpTo(registry, registry.steps.holdBefore('uploads.reap'));
    await mount(registry, layer, other);
    registry.clock.advance(minute);
    expect(await run.finish()).toMatchObject({ blobsRemoved: 0 });
    await expectStays(other);
  });
});

describe('between review and unlink', () => {
  test('a mount finds nothing, so the client sends the blob, and it is there in the end', async () => {
    const { registry } = current;
    await push(registry, 'layer');
    registry.clock.advance(gracePeriod);
    const run = await collectUpTo(registry, registry.steps.holdAfter('gc.review'));
    expect(await mount(registry, layer, other)).toBeUndefined();
    await pushInSteps(registry, 'layer', other);
    expect(await run.finish()).toMatchObject({ blobsRemoved: 1 });
    await expectStays(other);
  });

  test('HEAD says that the blob is gone, a push brings it back, and it is there in the end', async () => {
    const { registry } = current;
    await push(registry, 'layer');
    registry.clock.advance(gracePeriod);
    const run = await collectUpTo(registry, registry.steps.holdBefore('gc.listTrash'));
    await expect(head(registry, layer)).rejects.toMatchObject({ code: 'BLOB_UNKNOWN' });
    await push(registry, 'layer');
    expect(await run.finish()).toMatchObject({ blobsRemoved: 1 });
    await expectStays();
  });

  test.each(['gc.listTrash', 'blobs.isLocatorUsed', 'remove', 'gc.dropTrash'])(
    'a push that commits while the bytes of before are being removed, after %s, waits for nothing and has its own',
    async (call) => {
      const { registry } = current;
      await push(registry, 'layer');
      registry.clock.advance(gracePeriod);
      const run = await collectUpTo(registry, registry.steps.holdAfter(call));
      expect(await pushInSteps(registry, 'layer')).toMatchObject({ digest: layer });
      expect(await isWhole(registry, app, layer)).toBe(true);
      expect(await run.finish()).toMatchObject({ blobsRemoved: 1 });
      await expectStays();
    },
  );

  test('bytes that are sealed and not on record yet are not those that the trash has', async () => {
    const { registry } = current;
    await push(registry, 'layer');
    registry.clock.advance(gracePeriod);
    const run = await collectUpTo(registry, registry.steps.holdAfter('gc.listTrash'));
    const sealed = registry.steps.holdAfter('seal');
    const commit = push(registry, 'layer');
    await sealed.reached;
    expect(await run.finish()).toMatchObject({ state: 'completed', blobsRemoved: 1 });
    sealed.release();
    expect(await commit).toMatchObject({ digest: layer });
    await expectStays();
  });

  test('a push of a digest that lies in the trash of an earlier run leaves the trash alone', async () => {
    const { registry } = current;
    const { store } = registry.services;
    await push(registry, 'layer');
    registry.clock.advance(gracePeriod);
    await store.gc.review({ now: registry.clock.now(), limit: 10 });
    expect(await store.gc.listTrash({ limit: 10 })).toHaveLength(1);
    await push(registry, 'layer');
    expect(await store.gc.listTrash({ limit: 10 })).toHaveLength(1);
    expect(await collect(registry)).toMatchObject({ blobsRemoved: 1 });
    await expectStays();
  });

  test('bytes that cannot be removed count as kept, and the next run removes them', async () => {
    const { registry } = current;
    const { services, steps, clock } = registry;
    await push(registry, 'layer');
    clock.advance(gracePeriod);
    const run = await collectUpTo(registry, steps.holdBefore('remove'));
    const counting = steps.holdBefore('gc.failTrash');
    steps.crashAfter(0);
    const result = run.finish();
    await counting.reached;
    steps.revive();
    counting.release();
    expect(await result).toMatchObject({ state: 'completed', blobsRemoved: 0, bytesFreed: 0 });
    expect(await services.store.gc.listTrash({ limit: 10 })).toMatchObject([{ attempts: 1 }]);
    expect(await collect(registry)).toMatchObject({ blobsRemoved: 1, bytesFreed: 5 });
    expect(await layerFiles(current.directory.path)).toEqual([]);
  });
});

describe('during a reconcile', () => {
  test('bytes that wait so long to be put on record that they are taken for leftovers are not acknowledged', async () => {
    const { registry } = current;
    const { steps, clock } = registry;
    await push(registry, 'other');
    await pushManifest(registry, ['other']);
    const sealed = steps.holdAfter('seal');
    const commit = push(registry, 'layer');
    const rejected = expect(commit).rejects.toMatchObject({ code: 'UNAVAILABLE', facts: { retryAfterMs: 1_000 } });
    await sealed.reached;
    clock.advance(2 * gracePeriod);
    expect(await collect(registry, { reconcile: true })).toMatchObject({ orphansRemoved: 1, missingFiles: 0 });
    expect(await layerFiles(current.directory.path)).toHaveLength(1);
    sealed.release();
    await rejected;
    await push(registry, 'layer');
    await expectStays();
  });

  test('a blob that was pushed after the rows were read is neither an orphan nor missing', async () => {
    const { registry } = current;
    registry.clock.advance(2 * gracePeriod);
    const run = await collectUpTo(registry, registry.steps.holdAfter('gc.auditBlobs'), { reconcile: true });
    await push(registry, 'layer');
    expect(await run.finish()).toMatchObject({ state: 'completed', orphansRemoved: 0, missingFiles: 0 });
    await expectStays();
  });
});

describe('after the manifest', () => {
  test('a layer that HEAD promised stays although its last manifest is deleted before the next one comes', async () => {
    const { registry } = current;
    await push(registry, 'layer');
    const manifest = await pushManifest(registry, ['layer']);
    registry.clock.advance(10 * gracePeriod);
    await head(registry, layer);
    await removeManifest(registry, manifest);
    registry.clock.advance(gracePeriod - 1);
    expect(await collect(registry, { reconcile: true })).toMatchObject({ blobsRemoved: 0, orphansRemoved: 0 });
    await expectStays();
  });
});
