import { expect, test } from 'vitest';
import { ManualClock } from '../../test/_util/manual-clock.ts';
import { Rechecks } from './rechecks.ts';

function setUp() {
  const clock = new ManualClock();
  const logged: unknown[] = [];
  const rechecks = new Rechecks({ clock, log: { error: (it: unknown) => void logged.push(it) } });
  const looks: string[] = [];
  const ask = (key: string, rest = 1_000) =>
    rechecks.ask(key, async () => {
      looks.push(key);
      return rest;
    });
  return { clock, rechecks, looks, ask, logged };
}

test('what is asked for again and again is looked at once, until its rest is over', async () => {
  const { clock, rechecks, looks, ask } = setUp();
  for (let n = 0; n < 10; n += 1) ask('a');
  await rechecks.settled();
  for (let n = 0; n < 10; n += 1) ask('a');
  clock.advance(999);
  ask('a');
  await rechecks.settled();
  expect(looks).toEqual(['a']);
  clock.advance(1);
  ask('a');
  await rechecks.settled();
  expect(looks).toEqual(['a', 'a']);
});

test('one thing is looked at at a time, and a hundred wait at most', async () => {
  const { rechecks, looks, ask } = setUp();
  const first = Promise.withResolvers<void>();
  let underWay = 0;
  rechecks.ask('first', async () => {
    underWay += 1;
    await first.promise;
    underWay -= 1;
    return 0;
  });
  for (let n = 0; n < 500; n += 1) ask(`key ${n}`);
  expect([underWay, looks.length]).toEqual([1, 0]);
  first.resolve();
  await rechecks.settled();
  expect(looks).toEqual(Array.from({ length: 99 }, (_, n) => `key ${n}`));
});

test('a look that fails is logged, rests, and keeps no other from its turn', async () => {
  const { clock, rechecks, looks, ask, logged } = setUp();
  const fail = () => rechecks.ask('broken', () => Promise.reject(new Error('no')));
  fail();
  ask('other');
  await rechecks.settled();
  fail();
  await rechecks.settled();
  expect(looks).toEqual(['other']);
  expect(logged).toHaveLength(1);
  clock.advance(10_000);
  fail();
  await rechecks.settled();
  expect(logged).toHaveLength(2);
});

test('a stop breaks off what is under way and drops what waits', async () => {
  const { rechecks, looks, ask, logged } = setUp();
  rechecks.ask(
    'long',
    (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      }),
  );
  ask('waiting');
  await rechecks.stop();
  ask('late');
  await rechecks.settled();
  expect({ looks, logged }).toEqual({ looks: [], logged: [] });
});
