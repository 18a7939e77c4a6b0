import { remainsIn } from '@mcr/stress';
import { expect, test } from 'vitest';
import { collectUpTo, useRegistry } from './_fixture.ts';
import { collect, gracePeriod, minute, openRegistry } from './_registry.ts';
import { push } from './_verbs.ts';

const current = useRegistry();

test('two triggers at once give one run and one rejection', async () => {
  const { registry } = current;
  const { collector, store } = registry.services;
  const request = { reconcile: false, trigger: 'api', actor: {} } as const;
  const outcomes = await Promise.allSettled([collector.start(request), collector.start(request)]);
  await collector.finished();
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(outcomes[1]).toMatchObject({ reason: { code: 'CONFLICT' } });
  expect(await store.gc.listRuns({ limit: 10 })).toHaveLength(1);
  expect(await collect(registry)).toMatchObject({ state: 'completed' });
});

test('a lease that another process holds rejects a run, and ends one that has lost it', async () => {
  const { registry } = current;
  const { store } = registry.services;
  const takeLease = () =>
    store.coordination.acquireLease({ name: 'gc', owner: 'another process', duration: 10 * minute });
  await takeLease();
  await expect(collect(registry)).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(await store.gc.listRuns({ limit: 10 })).toEqual([]);
  await store.coordination.releaseLease({ name: 'gc', owner: 'another process' });

  const run = await collectUpTo(registry, registry.steps.holdAfter('gc.review'));
  registry.clock.advance(10 * minute);
  expect(await takeLease()).toBeDefined();
  const error = 'Another process has taken over garbage collection';
  expect(await run.finish()).toMatchObject({ state: 'failed', error });
  await expect(collect(registry)).rejects.toMatchObject({ code: 'CONFLICT' });
});

test('a shutdown ends a run at its next slice and says so; the next server goes on', async () => {
  const { registry, directory } = current;
  await push(registry, 'layer');
  registry.clock.advance(gracePeriod);
  const run = await collectUpTo(registry, registry.steps.holdAfter('gc.review'));
  const stopped = registry.services.collector.stop();
  const error = 'The server stopped during this run; the next one goes on where it ended';
  expect(await run.finish()).toMatchObject({ state: 'failed', error });
  await stopped;
  await expect(collect(registry)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await registry[Symbol.asyncDispose]();
  {
    await using next = await openRegistry(directory, registry.clock);
    expect(await collect(next)).toMatchObject({ state: 'completed', blobsRemoved: 1 });
  }
  expect(await remainsIn(directory.path)).toMatchObject({ files: [], blobs: [], trash: 0, queue: 0 });
});

test('a shutdown while a run is about to start leaves no run behind', async () => {
  const { registry } = current;
  const starting = registry.steps.holdBefore('coordination.acquireLease');
  const run = collect(registry);
  await starting.reached;
  const stopped = registry.services.collector.stop();
  starting.release();
  await stopped;
  await run;
  expect(await registry.services.store.gc.listRuns({ limit: 10 })).toMatchObject([{ state: 'failed' }]);
});

test('a run whose end could not be written down does not look as if it went on', async () => {
  const { registry } = current;
  const run = await collectUpTo(registry, registry.steps.holdBefore('gc.finishRun'));
  registry.steps.crashAfter(0);
  await expect(run.finish()).rejects.toThrow();
  registry.steps.revive();
  await collect(registry);
  const runs = await registry.services.store.gc.listRuns({ limit: 10 });
  expect(runs.map(({ state }) => state)).toEqual(['completed', 'failed']);
});
