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
