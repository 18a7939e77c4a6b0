import { digestOf } from '@mcr/core';
import { layerFiles } from '@mcr/stress';
import { expect, test } from 'vitest';
import { useRegistry } from './_fixture.ts';
import { app, collect, gracePeriod, isWhole, minute, other } from './_registry.ts';
import { head, mount, push, pushManifest } from './_verbs.ts';

const layer = digestOf('layer');
const current = useRegistry();

test('a blob is protected from the moment it exists until the grace period is over', async () => {
  const { registry } = current;
  await push(registry, 'layer');
  registry.clock.advance(gracePeriod - 1);
  expect(await collect(registry, { reconcile: true })).toMatchObject({ blobsRemoved: 0, orphansRemoved: 0 });
  await pushManifest(registry, ['layer']);
  expect(await isWhole(registry, app, layer)).toBe(true);
});

test('a lease that HEAD extended protects', async () => {
  const { registry } = current;
  await push(registry, 'layer');
  registry.clock.advance(gracePeriod - minute);
  await head(registry, layer);
  registry.clock.advance(gracePeriod - minute);
  expect(await collect(registry)).toMatchObject({ blobsRemoved: 0 });
  await pushManifest(registry, ['layer']);
  expect(await isWhole(registry, app, layer)).toBe(true);
});

test('a push of a blob that is there extends its lease', async () => {
  const { registry } = current;
  await push(registry, 'layer');
  registry.clock.advance(gracePeriod - minute);
  await push(registry, 'layer');
  registry.clock.advance(gracePeriod - minute);
  expect(await collect(registry)).toMatchObject({ blobsRemoved: 0 });
  await pushManifest(registry, ['layer']);
});

test('an expired lease stops protecting, and the bytes go', async () => {
  const { registry } = current;
  await push(registry, 'layer');
  registry.clock.advance(gracePeriod);
  await expect(head(registry, layer)).rejects.toMatchObject({ code: 'BLOB_UNKNOWN' });
  await expect(pushManifest(registry, ['layer'])).rejects.toMatchObject({ code: 'MANIFEST_BLOB_UNKNOWN' });
  expect(await collect(registry)).toMatchObject({ blobsRemoved: 1, bytesFreed: 5 });
  expect(await layerFiles(current.directory.path)).toEqual([]);
});

test('a review of a leased blob is repeated at the end of its last lease', async () => {
  const { registry } = current;
  await push(registry, 'layer');
  registry.clock.advance(gracePeriod / 2);
  await mount(registry, layer, other);
  registry.clock.advance(gracePeriod / 2);
  expect(await collect(registry)).toMatchObject({ blobsRemoved: 0 });
  registry.clock.advance(gracePeriod / 2 - 1);
  expect(await collect(registry)).toMatchObject({ blobsRemoved: 0 });
  registry.clock.advance(1);
  expect(await collect(registry)).toMatchObject({ blobsRemoved: 1 });
});
