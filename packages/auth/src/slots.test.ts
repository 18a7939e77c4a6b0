import { expect, test } from 'vitest';
import { Slots } from './slots.ts';

test('tasks run in order of arrival, never more at once than there are slots', async () => {
  const slots = new Slots({ concurrency: 2, maxWaiting: 10 });
  const started: number[] = [];
  let running = 0;
  let most = 0;
  const task = (n: number) =>
    slots.run(async () => {
      started.push(n);
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      return n;
    });
  expect(await Promise.all([1, 2, 3, 4, 5].map(task))).toEqual([1, 2, 3, 4, 5]);
  expect(started).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});

test('who finds the line full is sent away with a hint when to come again', async () => {
  const slots = new Slots({ concurrency: 1, maxWaiting: 1 });
  const { promise, resolve } = Promise.withResolvers<string>();
  const accepted = [slots.run(() => promise), slots.run(() => promise)];
  await expect(slots.run(() => promise)).rejects.toMatchObject({
    code: 'TOOMANYREQUESTS',
    message: 'too many requests',
    detail: undefined,
    headers: { 'Retry-After': '2' },
  });
  resolve('done');
  expect(await Promise.all(accepted)).toEqual(['done', 'done']);
});

test('a task that fails gives its slot back', async () => {
  const slots = new Slots({ concurrency: 1, maxWaiting: 0 });
  const failure = new Error('no');
  await expect(slots.run(() => Promise.reject(failure))).rejects.toBe(failure);
  expect(await slots.run(async () => 'next')).toBe('next');
});
