import { expect, test } from 'vitest';
import { Backoff } from './backoff.ts';

test('a worker that ends soon after each start is replaced ever later, up to half a minute', () => {
  const backoff = new Backoff();
  const waits = Array.from({ length: 12 }, () => backoff.next(100));
  expect(waits.slice(0, 4)).toEqual([200, 400, 800, 1_600]);
  expect(waits.at(-1)).toBe(30_000);
});

test('a worker that has lived for seconds is replaced immediately again', () => {
  const backoff = new Backoff();
  for (let at = 0; at < 12; at += 1) backoff.next(0);
  expect(backoff.next(5_000)).toBe(200);
  expect(backoff.next(0)).toBe(400);
});
