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
