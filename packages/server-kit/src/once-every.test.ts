import { expect, test } from 'vitest';
import { onceEvery } from './once-every.ts';

/** Work that ends on demand, and a clock that moves on demand. */
function setUp() {
  const runs: PromiseWithResolvers<number>[] = [];
  const clock = { now: 0 };
  const ask = onceEvery(
    1_000,
    () => {
      runs.push(Promise.withResolvers<number>());
      return runs.at(-1)!.promise;
    },
    () => clock.now,
  );
  return { runs, clock, ask };
}

test('calls while work is running share its result, however long it takes', async () => {
  const { runs, clock, ask } = setUp();
  const asked = [ask(), ask()];
  clock.now = 60_000;
  asked.push(ask());
  runs[0]!.resolve(7);
  expect(await Promise.all(asked)).toEqual([7, 7, 7]);
  expect(runs).toHaveLength(1);
});

test('a result is reused for the given time after its end, and not longer', async () => {
  const { runs, clock, ask } = setUp();
  const first = ask();
  clock.now = 500;
  runs[0]!.resolve(1);
  await first;
  clock.now = 1_499;
  expect(await ask()).toBe(1);
  clock.now = 1_500;
  const second = ask();
  runs[1]!.resolve(2);
  expect(await second).toBe(2);
});

test('a failure is reused for the same time, and then retried', async () => {
  const { runs, clock, ask } = setUp();
  const first = ask();
  runs[0]!.reject(new Error('broken'));
  await expect(first).rejects.toThrow('broken');
  await expect(ask()).rejects.toThrow('broken');
  clock.now = 1_000;
  const second = ask();
  runs[1]!.resolve(2);
  expect(await second).toBe(2);
});
