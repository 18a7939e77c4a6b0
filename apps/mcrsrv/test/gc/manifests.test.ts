import { digestOf } from '@mcr/core';
import { layerFiles } from '@mcr/stress';
import { describe, expect, test } from 'vitest';
import { sqlFromOutside } from '../_util/outside.ts';
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
  expect(await registry.services.store.manifests.listReferrers(app, subject, { limit: 10 })).toHaveLength(1);
});

test('a shared layer stays for one repository when the other is deleted', async () => {
  const { registry } = current;
  await push(registry, 'layer');
  await pushManifest(registry, ['layer']);
  await mount(registry, layer, other);
  await pushManifest(registry, ['layer'], { repository: other });
  const now = registry.clock.now();
  await registry.services.store.repositories.delete({ repository: app, reviewAfter: now, actor: {}, now });
  expect(await collectLater(registry)).toMatchObject({ blobsRemoved: 0 });
  expect(await isWhole(registry, other, layer)).toBe(true);
});

test('a second collection has nothing left to do', async () => {
  const { registry } = current;
  for (const text of ['one', 'two']) await push(registry, text);
  expect(await collectLater(registry)).toMatchObject({ blobsRemoved: 2, bytesFreed: 6 });
  expect(await collectLater(registry)).toMatchObject({ blobsRemoved: 0, examined: 0, orphansRemoved: 0 });
});

describe('a file without a row', () => {
  const forget = (digest: string) => {
    const id = `(SELECT id FROM blobs WHERE digest = '${digest}')`;
    const tables = ['manifest_blobs', 'blob_links', 'gc_queue'];
    const rows = tables.map((table) => `DELETE FROM ${table} WHERE blob_id = ${id}`);
    return sqlFromOutside(
      { directory: current.directory.path },
      [...rows, `DELETE FROM blobs WHERE id = ${id}`].join(';'),
    );
  };

  test('stays while a manifest needs it, since the row was lost, and goes with the manifest', async () => {
    const { registry } = current;
    for (const text of ['layer', 'kept', 'gone']) await push(registry, text);
    const image = await pushManifest(registry, ['layer']);
    await pushManifest(registry, ['kept']);
    for (const lost of [layer, digestOf('gone')]) await forget(lost);
    expect(await collectLater(registry)).toMatchObject({ orphansRemoved: 1 });
    expect(await layerFiles(current.directory.path)).toContainEqual(expect.stringContaining(layer.slice(7)));
    await removeManifest(registry, image);
    expect(await collectLater(registry)).toMatchObject({ orphansRemoved: 1 });
  });

  test('stays while a manifest cannot be read, which may need it', async () => {
    const { registry } = current;
    for (const text of ['layer', 'kept']) await push(registry, text);
    const image = await pushManifest(registry, ['kept']);
    await forget(layer);
    const damage = `UPDATE manifests SET content = x'7b7d' WHERE digest = '${image}'`;
    await sqlFromOutside({ directory: current.directory.path }, damage);
    expect(await collectLater(registry)).toMatchObject({ orphansRemoved: 0 });
    await pushManifest(registry, ['kept']);
    expect(await collectLater(registry)).toMatchObject({ orphansRemoved: 1 });
  });
});
