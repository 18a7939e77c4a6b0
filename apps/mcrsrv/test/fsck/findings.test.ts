import { access } from 'node:fs/promises';
import { digestOf } from '@mcr/core';
import { buildImage, pushImage } from '@mcr/testkit';
import { afterAll, expect, test } from 'vitest';
import { findingKinds } from '../../src/services/fsck/kinds.ts';
import { expectBodyless } from '../_util/errors.ts';
import { useServer } from '../_util/use-server.ts';
import { damages } from './_damages.ts';
import { fileOf, fsck } from './_fsck.ts';

const server = useServer();
const seen = new Set<string>();

test.each(damages.map((it) => [it.what, it.kind, it] as const))('%s: %s', async (what, kind, damageCase) => {
  const { damage, flags = [], repair, undo } = damageCase;
  const image = await buildImage({ layers: [{ size: 1_000, seed: what }] });
  const scene = { server: server(), image };
  await pushImage(scene.server.admin, 'app', 'latest', image);
  expect(await fsck(scene.server, '--deep')).toMatchObject({ clean: true, findings: [] });

  await damage(scene);
  const found = await fsck(scene.server, ...flags);
  expect(found.findings.map((it) => it['kind'])).toContain(kind);
  expect(found).toMatchObject({ clean: false, repaired: 0, left: found.findings.length });
  // It only looked.
  expect(await fsck(scene.server, ...flags)).toEqual(found);
  for (const finding of found.findings) seen.add(finding['kind']!);

  const repaired = await fsck(scene.server, ...flags, '--repair');
  expect(repaired.findings.filter((it) => it['kind'] === kind)).toHaveLength(
    found.findings.filter((it) => it['kind'] === kind).length,
  );
  expect(repaired.clean).toBe(repair === 'settled');
  if (repair === 'blob-quarantined') {
    const { digest } = image.layers[0]!;
    const afterwards = await fsck(scene.server);
    expect(afterwards.findings).toMatchObject([{ kind: 'blob-quarantined', digest }]);
    expect(afterwards.findings[0]!['detail']).toContain(`app@${image.manifest.digest}`);
    seen.add('blob-quarantined');
    expectBodyless(await scene.server.admin.headBlob('app', digest), 404);
    await pushImage(scene.server.admin, 'app', 'latest', image);
    expect((await scene.server.admin.hashBlob('app', digest)).digest).toBe(digest);
  }
  if (repair === 'manifest-quarantined') {
    const { digest } = image.manifest;
    expect((await fsck(scene.server)).findings).toMatchObject([{ kind: repair, repository: 'app', digest }]);
    seen.add(repair);
    expectBodyless(await scene.server.admin.headManifest('app', 'latest'), 404);
    await scene.server.admin.pushManifest('app', 'latest', image.manifest);
  }
  await undo?.(scene);
  expect(await fsck(scene.server, '--deep', '--repair')).toMatchObject({ left: 0 });
  expect(await fsck(scene.server, '--deep')).toMatchObject({ clean: true, findings: [] });
  expect((await scene.server.admin.getManifest('app', 'latest')).body.equals(image.manifest.bytes)).toBe(true);
});

test('an unknown file is left to garbage collection, which removes it', async () => {
  const { collector } = server().context.services;
  // Beside it there are files of blobs that pushes have repaired.
  expect((await fsck(server())).notes['file-trashed']).toBeGreaterThan(0);
  await access(fileOf(server(), digestOf('unknown')));
  await collector.start({ reconcile: false, trigger: 'api', actor: {} });
  expect(await collector.finished()).toMatchObject({ state: 'completed' });
  await expect(access(fileOf(server(), digestOf('unknown')))).rejects.toThrow();
  expect((await fsck(server())).notes).not.toHaveProperty('file-trashed');
});

test('a repair is on record in the audit log', async () => {
  expect((await server().audit('fsck_repaired'))[0]).toMatchObject({ actor: { name: 'mcrsrv' } });
});

afterAll(() => {
  const made = Object.keys(findingKinds).filter((kind) => kind !== 'blob-unreadable');
  expect([...seen].toSorted()).toEqual(made.toSorted());
});
