import { expect, test } from 'vitest';
import { KeyedLock } from './keyed-lock.ts';

test('tasks of one key run one after the other, in the order in which they came', async () => {
  const lock = new KeyedLock();
  const log: string[] = [];
  const tasks = ['a', 'b', 'c'].map((name) =>
    lock.run('key', async () => {
      log.push(`${name} begins`);
      await new Promise(setImmediate);
      log.push(`${name} ends`);
      return name;
    }),
  );
  expect(await Promise.all(tasks)).toEqual(['a', 'b', 'c']);
  expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

test('tasks of different keys do not wait for each other', async () => {
  const lock = new KeyedLock();
  const first = Promise.withResolvers<string>();
  const waiting = lock.run('one', () => first.promise);
  expect(await lock.run('other', async () => 'done')).toBe('done');
  first.resolve('later');
  expect(await waiting).toBe('later');
});

test('a task that fails tells its own caller, and the next one runs all the same', async () => {
  const lock = new KeyedLock();
  const failing = lock.run('key', async () => {
    throw new Error('broken');
  });
  const next = lock.run('key', async () => 'fine');
  await expect(failing).rejects.toThrow('broken');
  expect(await next).toBe('fine');
});

test('a key is forgotten when its last task has ended, however it ended', async () => {
  const lock = new KeyedLock();
  const tasks = [
    lock.run('key', async () => 1),
    lock.run('key', () => Promise.reject(new Error('broken'))),
    lock.run('other', async () => 2),
  ];
  expect(lock.size).toBe(2);
  await Promise.allSettled(tasks);
  expect(lock.size).toBe(0);
});

test('tasks that come while others end never run at the same time', async () => {
  const lock = new KeyedLock();
  let running = 0;
  const client = async (_: unknown, ticks: number) => {
    for (let n = 0; n < 50; n += 1) {
      await lock.run('key', async () => {
        running += 1;
        expect(running).toBe(1);
        for (let tick = 0; tick < (n * ticks) % 7; tick += 1) await Promise.resolve();
        running -= 1;
      });
    }
  };
  await Promise.all(Array.from({ length: 10 }, client));
  expect(lock.size).toBe(0);
});
