import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { mapSome } from './map-some.ts';

test('maps all, in order, and no more than eight at a time', async () => {
  let now = 0;
  let most = 0;
  const items = Array.from({ length: 50 }, (_, at) => at);
  const doubled = await mapSome(items, async (item) => {
    now += 1;
    most = Math.max(most, now);
    await setImmediate();
    now -= 1;
    return 2 * item;
  });
  expect(doubled).toEqual(items.map((item) => 2 * item));
  expect(most).toBe(8);
});

test('fails as the first does', async () => {
  await expect(mapSome([1, 2], (item) => Promise.reject(new Error(`${item}`)))).rejects.toThrow('1');
});

test('one that takes long holds up none of the others', async () => {
  const slow = Promise.withResolvers<string>();
  const done: number[] = [];
  const items = Array.from({ length: 20 }, (_, at) => at);
  const all = mapSome(items, async (item) => {
    if (item === 0) return await slow.promise;
    if (done.push(item) === 19) slow.resolve('slow');
    return `${item}`;
  });
  expect(await all).toEqual(['slow', ...items.slice(1).map(String)]);
});

test('leaves out what is queued once one has failed', async () => {
  const begun: number[] = [];
  const items = Array.from({ length: 50 }, (_, at) => at);
  const failing = mapSome(items, async (item) => {
    begun.push(item);
    if (item === 3) throw new Error('broken');
  });
  await expect(failing).rejects.toThrow('broken');
  for (let turn = 0; turn < 20; turn += 1) await setImmediate();
  // What the eight places held by then, and what took them while the error was on its way.
  expect(begun.length).toBeLessThan(20);
});

test('lets others have their turn, also when nothing has to be waited for', async () => {
  const turns = { taken: 0, end: false };
  const others = (async () => {
    while (!turns.end) {
      await setImmediate();
      turns.taken += 1;
    }
  })();
  await mapSome(Array.from({ length: 800 }), async () => {});
  turns.end = true;
  await others;
  expect(turns.taken).toBeGreaterThan(90);
});
