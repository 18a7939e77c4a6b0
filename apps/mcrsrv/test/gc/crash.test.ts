import { randomUUID } from 'node:crypto';
import { digestOf } from '@mcr/core';
import { remainsIn } from '@mcr/stress';
import { expect, test } from 'vitest';
import { startUpload } from '../../src/services/uploads/start.ts';
import { type RegistryDirectory, registryDirectory } from './_directory.ts';
import {
  app,
  caller,
  collect,
  gracePeriod,
  isWhole,
  openRegistry,
  other,
  type Registry,
  TestClock,
} from './_registry.ts';
import { push, pushInSteps, pushManifest, removeManifest } from './_verbs.ts';

const kept = digestOf('kept');

/** Every call that a collection makes when there is something to do for each of its parts. */
const stepsOfCollection = [
  'blobs.isLocatorUsed',
  'coordination.acquireLease',
  'coordination.releaseLease',
  'digestOf',
  'gc.auditBlobs',
  'gc.dropTrash',
  'gc.finishRun',
  'gc.listRuns',
  'gc.listTrash',
  'gc.review',
  'gc.startRun',
  'gc.sweep',
  'gc.updateRun',
  'inspection.findLocator',
  'inspection.listBlobs',
  'inspection.listManifests',
  'list',
  'listPieces',
  'remove',
  'uploads.reap',
];

/** What a collection with a reconcile finds something to do about, in each of its steps, beside an image that stays. */
async function fill(registry: Registry): Promise<void> {
  const { services, clock } = registry;
  for (const text of ['kept', 'garbage', 'more garbage']) await push(registry, text);
  await pushManifest(registry, ['kept']);
  await push(registry, 'elsewhere', other);
  await startUpload(services, caller, app);
  await services.blobs.append(randomUUID(), chunks('a piece of no upload'));
  const { piece } = await services.blobs.append(randomUUID(), chunks('orphan'));
  await services.blobs.seal([piece!], digestOf('orphan'), 6);
  clock.advance(2 * gracePeriod);
}

async function* chunks(text: string) {
  yield Buffer.from(text);
}

/** Opens a registry on a directory that was filled, and lets its collection die after so many calls. */
async function crashAfter(calls: number, directory: RegistryDirectory, clock: TestClock): Promise<readonly string[]> {
  {
    await using registry = await openRegistry(directory, clock);
    await fill(registry);
  }
  await using registry = await openRegistry(directory, clock);
  const opened = registry.steps.calls.length;
  registry.steps.crashAfter(calls);
  await collect(registry, { reconcile: true }).catch(() => undefined);
  return registry.steps.calls.slice(opened);
}

async function expectFinishedByNextRun(directory: RegistryDirectory, clock: TestClock): Promise<void> {
  {
    await using registry = await openRegistry(directory, clock);
    const runs = await registry.services.store.gc.listRuns({ limit: 10 });
    expect(runs.filter(({ state }) => state === 'running')).toEqual([]);
    expect(await collect(registry, { reconcile: true })).toMatchObject({ state: 'completed', missingFiles: 0 });
    expect(await isWhole(registry, app, kept)).toBe(true);
    expect(await collect(registry, { reconcile: true })).toMatchObject({ blobsRemoved: 0, orphansRemoved: 0 });
  }
  const remains = await remainsIn(directory.path);
  expect(remains.blobs).toHaveLength(1);
  expect(remains).toMatchObject({ files: remains.blobs, uploadFiles: [], uploads: 0, queue: 0, trash: 0, links: 0 });
}

test('a collection that dies after any of its steps is finished by the next one', async () => {
  let steps: readonly string[] = [];
  // Until one is not cut short.
  for (let calls = 0; calls === 0 || steps.length === calls - 1; calls += 1) {
    await using directory = await registryDirectory();
    const clock = new TestClock();
    steps = await crashAfter(calls, directory, clock);
    await expectFinishedByNextRun(directory, clock);
  }
  expect([...new Set(steps)].toSorted()).toEqual(stepsOfCollection);
}, 180_000);

test('a push that dies after any of its steps leaves nothing, or a blob that the next manifest may name', async () => {
  let steps: readonly string[] = [];
  // Until one is not cut short.
  for (let calls = 0; calls === 0 || steps.length === calls - 1; calls += 1) {
    await using directory = await registryDirectory();
    const clock = new TestClock();
    let acknowledged = false;
    {
      await using registry = await openRegistry(directory, clock);
      const opened = registry.steps.calls.length;
      registry.steps.crashAfter(calls);
      acknowledged = await pushInSteps(registry, 'kept').then(
        () => true,
        () => false,
      );
      steps = registry.steps.calls.slice(opened);
    }
    {
      await using registry = await openRegistry(directory, clock);
      expect(await collect(registry, { reconcile: true })).toMatchObject({ state: 'completed', missingFiles: 0 });
      if (!acknowledged) await push(registry, 'kept');
      const manifest = await pushManifest(registry, ['kept']);
      clock.advance(2 * gracePeriod);
      await collect(registry, { reconcile: true });
      expect(await isWhole(registry, app, kept)).toBe(true);
      await removeManifest(registry, manifest);
      clock.advance(2 * gracePeriod);
      await collect(registry, { reconcile: true });
    }
    const nothing = {
      blobs: [],
      files: [],
      unreferenced: 0,
      uploadFiles: [],
      uploads: 0,
      queue: 0,
      trash: 0,
      links: 0,
      deleted: 0,
    };
    expect(await remainsIn(directory.path)).toEqual(nothing);
  }
  expect(steps).toContain('blobs.publish');
}, 180_000);
