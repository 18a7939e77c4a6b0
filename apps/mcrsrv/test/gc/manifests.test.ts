import { digestOf } from '@mcr/core';
import { expect, test } from 'vitest';
import { useRegistry } from './_fixture.ts';
import { app, collect, gracePeriod, isWhole, other, type Registry } from './_registry.ts';
import { mount, push, pushManifest, removeManifest } from './_verbs.ts';

const layer = digestOf('layer');
const current = useRegistry();

/** A reconcile as well, since it must come to the same conclusions. */
async function collectLater(registry: Registry) {
  registry.clock.advance(2 * gracePeriod);
  return await collect(registry, { reconcile: true });
}

test('blobs of a manifest without tags stay', async () => {
  const { registry } = current;
  await push(registry, 'layer');
  await pushManifest(registry, ['layer']);
  expect(await collectLater(registry)).toMatchObject({ blobsRemoved: 0 });
  expect(await isWhole(registry, app, layer)).toBe(true);
});

test('blobs of an index’s child stay with the child, whether or not the index is there', async () => {
  const { registry } = current;
  await push(registry, 'layer');
  const child = await pushManifest(registry, ['layer']);
  const index = await pushManifest(registry, [], { children: [child] });
  expect(await collectLater(registry)).toMatchObject({ blobsRemoved: 0 });
  await removeManifest(registry, index);
  expect(await collectLater(registry)).toMatchObject({ blobsRemoved: 0 });
  expect(await isWhole(registry, app, layer)).toBe(true);
  await removeManifest(registry, child);
  expect(await collectLater(registry)).toMatchObject({ blobsRemoved: 1 });
});

test('blobs of a referrer stay when its subject goes', async () => {
  const { registry } = current;
  for (const text of ['layer', 'signature']) await push(registry, text);
  const subject = await pushManifest(registry, ['layer']);
  await pushManifest(registry, ['signature'], { subject });
  await removeManifest(registry, subject);
  expect(await collectLater(registry)).toMatchObject({ blobsRemoved: 1 });
  expect(await isWhole(registry, app, digestOf('signature'))).toBe(true);
  expect(await registry.services.store.listReferrers(app, subject, { limit: 10 })).toHaveLength(1);
});

test('a shared layer stays for one repository when the other is deleted', async () => {
  const { registry } = current;
  await push(registry, 'layer');
  await pushManifest(registry, ['layer']);
  await mount(registry, layer, other);
  await pushManifest(registry, ['layer'], { repository: other });
  const now = registry.clock.now();
  await registry.services.store.deleteRepository({ repository: app, reviewAfter: now, actor: {}, now });
  expect(await collectLater(registry)).toMatchObject({ blobsRemoved: 0 });
  expect(await isWhole(registry, other, layer)).toBe(true);
});

test('a second collection has nothing left to do', async () => {
  const { registry } = current;
  for (const text of ['one', 'two']) await push(registry, text);
  expect(await collectLater(registry)).toMatchObject({ blobsRemoved: 2, bytesFreed: 6 });
  expect(await collectLater(registry)).toMatchObject({ blobsRemoved: 0, examined: 0, orphansRemoved: 0 });
});
