import { expect, test } from 'vitest';
import { StorageSampler } from '../../src/services/space/sampler.ts';
import { ManualClock } from '../_util/manual-clock.ts';
import { useServer } from '../_util/use-server.ts';

const clock = new ManualClock();
const server = useServer({ overrides: { clock } });
const dayMs = 86_400_000;

const samplerOf = (instance: string, used = 7) => {
  const { store, log } = server().context.services;
  const fileSystem = { size: 100, used, reserved: 0, free: 100 - used, minFree: 0 };
  return new StorageSampler({ store, clock, log, instance, measure: async () => ({ fileSystem }) });
};

test('one of several processes samples, a row for each day, until it stops', async () => {
  const { space } = server().context.services.store;
  const [one, two] = [samplerOf('one'), samplerOf('two', 9)];
  const today = Math.floor(clock.now() / dayMs);
  const taken = await Promise.all([one.run(), two.run()]);
  expect(taken.filter(Boolean)).toHaveLength(1);
  const [first, second] = taken[0] ? [one, two] : [two, one];
  expect([await second.run(), await first.run()]).toEqual([false, true]);
  expect(await space.samples({ sinceDay: 0 })).toEqual([{ day: today, storedBytes: 0, usedBytes: taken[0] ? 7 : 9 }]);
  await first.stop();
  clock.advance(dayMs);
  expect(await second.run()).toBe(true);
  expect((await space.samples({ sinceDay: 0 })).map(({ day }) => day)).toEqual([today, today + 1]);
  clock.advance(400 * dayMs);
  expect(await second.run()).toBe(true);
  expect((await space.samples({ sinceDay: 0 })).map(({ day }) => day)).toEqual([today + 1, today + 401]);
  await second.stop();
});

test('a bucket has no space of its own, so that only what is stored is sampled', async () => {
  const { store, log } = server().context.services;
  const sampler = new StorageSampler({ store, clock, log, instance: 'bucket', measure: async () => undefined });
  expect(await sampler.run()).toBe(true);
  expect((await store.space.samples({ sinceDay: 0 })).at(-1)).toEqual({
    day: Math.floor(clock.now() / dayMs),
    storedBytes: 0,
  });
  await sampler.stop();
});
