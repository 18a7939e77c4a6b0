import { join } from 'node:path';
import { systemClock } from '@mcr/core';
import { SqliteMetadataStore } from '@mcr/db';
import type { BlobStore } from '@mcr/storage';
import { expect, test } from 'vitest';
import { createContext } from '../../src/context.ts';
import { GarbageCollector } from '../../src/services/gc/collector.ts';
import { collectUpTo, useRegistry } from './_fixture.ts';
import { collect, minute } from './_registry.ts';

const current = useRegistry({ MCR_STORAGE_SHARED: 'true' });

const openStore = () =>
  SqliteMetadataStore.open({ path: join(current.directory.path, 'mcr.db'), clock: current.registry.clock });

/** The blobs of the other process, which stay open when this one ends. */
function borrowed(blobs: BlobStore): BlobStore {
  const close = async () => {};
  return new Proxy(blobs, {
    get(target, name) {
      const value: unknown = name === 'close' ? close : Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** Starts another process, in all but a name of its own, beside the registry of the test. */
async function startBeside() {
  const { blobs, clock, log } = current.registry.services;
  const store = await openStore();
  return await createContext(current.directory.config, { store, blobs: borrowed(blobs), clock, log });
}

test('a process that starts leaves the run and the lease of another one alone', async () => {
  const { registry } = current;
  const run = await collectUpTo(registry, registry.steps.holdAfter('gc.review'));
  await using beside = await startBeside();
  const { collector, store } = beside.services;
  expect(await store.gc.listRuns({ limit: 10 })).toMatchObject([{ state: 'running' }]);
  const request = { reconcile: false, trigger: 'api', actor: {} } as const;
  await expect(collector.start(request)).rejects.toMatchObject({ code: 'CONFLICT' });
  expect(await run.finish()).toMatchObject({ state: 'completed' });
  expect(await store.audit.list({ type: 'gc_completed', limit: 10 })).toHaveLength(1);
});

test('the run of a process that has died is marked as failed, and the next process collects', async () => {
  const { registry } = current;
  const run = await collectUpTo(registry, registry.steps.holdBefore('gc.finishRun'));
  registry.steps.crashAfter(0);
  await expect(run.finish()).rejects.toThrow();
  registry.steps.revive();
  await registry.services.store.coordination.acquireLease({ name: 'gc', owner: 'dead', duration: minute });

  registry.clock.advance(minute);
  await using beside = await startBeside();
  expect(await beside.services.store.gc.listRuns({ limit: 10 })).toMatchObject([{ state: 'failed' }]);
  expect(await collect(registry)).toMatchObject({ state: 'completed' });
});

test('processes that collect on schedule do so once in each interval', async () => {
  const { services } = current.registry;
  const interval = 200;
  const [one, two] = [await openStore(), await openStore()];
  const collectors = [one, two].map((store, at) => {
    const parts = { ...services, store, clock: systemClock, instance: String(at) };
    return new GarbageCollector(parts);
  });
  collectors[0]?.schedule(interval);
  // The second one is due when the run of the first has long ended.
  await new Promise((resolve) => setTimeout(resolve, interval / 2));
  collectors[1]?.schedule(interval);
  let runs = await one.gc.listRuns({ limit: 10 });
  while (runs.length < 4) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    runs = await one.gc.listRuns({ limit: 10 });
  }
  for (const collector of collectors) await collector.stop();
  for (const store of [one, two]) await store.close();
  const starts = runs.map(({ startedAt }) => startedAt);
  const pauses = starts.slice(1).map((startedAt, at) => (starts[at] ?? 0) - startedAt);
  // A timer may run out a moment early.
  expect(Math.min(...pauses)).toBeGreaterThanOrEqual(interval - 5);
});
