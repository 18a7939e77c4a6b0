import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { expect, test } from 'vitest';
import { getGcStatus } from '../../src/admin/gc/get-status.ts';
import { registryDirectory } from './_directory.ts';
import { administer, collect, gracePeriod, minute, openRegistry, type Registry, TestClock } from './_registry.ts';
import { push } from './_verbs.ts';

/** Waits for so many runs to have ended. */
async function runsOf({ services }: Registry, count: number) {
  for (;;) {
    const runs = await services.store.gc.listRuns({ limit: 100 });
    const ended = runs.filter(({ state }) => state !== 'running');
    if (ended.length >= count) return ended;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

test('collections run by themselves, again and again', async () => {
  await using directory = await registryDirectory({ MCR_GC_INTERVAL: '20ms' });
  await using registry = await openRegistry(directory);
  await push(registry, 'garbage');
  await runsOf(registry, 1);
  registry.clock.advance(gracePeriod);
  const runs = await runsOf(registry, 4);
  expect(new Set(runs.map(({ trigger }) => trigger))).toEqual(new Set(['schedule']));
  expect(runs.reduce((sum, { blobsRemoved }) => sum + blobsRemoved, 0)).toBe(1);
});

test('a collection that became due while the server was down runs at once', async () => {
  await using directory = await registryDirectory({ MCR_GC_INTERVAL: '24h' });
  const clock = new TestClock();
  {
    await using registry = await openRegistry(directory, clock);
    await collect(registry);
  }
  clock.advance(25 * 60 * minute);
  await using registry = await openRegistry(directory, clock);
  expect((await runsOf(registry, 2)).map(({ trigger }) => trigger)).toEqual(['schedule', 'api']);
});

test('the status says when the next collection begins by itself', async () => {
  await using directory = await registryDirectory({ MCR_GC_INTERVAL: '24h' });
  await using registry = await openRegistry(directory);
  await expect
    .poll(() => administer(registry, getGcStatus, {}))
    .toMatchObject({ nextRunAt: timestampFromMs(registry.clock.now() + 24 * 60 * minute) });
});

test('the status of the last collection is there after a restart', async () => {
  await using directory = await registryDirectory();
  const clock = new TestClock();
  {
    await using registry = await openRegistry(directory, clock);
    expect(await administer(registry, getGcStatus, {})).toMatchObject({
      running: false,
      pending: { blobs: 0, bytes: 0n },
    });
    await push(registry, 'garbage');
    clock.advance(gracePeriod);
    await collect(registry);
  }
  await using registry = await openRegistry(directory, clock);
  expect(await administer(registry, getGcStatus, {})).toMatchObject({
    running: false,
    lastRun: { state: 'completed', blobsRemoved: 1, bytesFreed: 7n },
  });
});
