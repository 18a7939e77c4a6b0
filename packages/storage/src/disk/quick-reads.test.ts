import { expect, test } from 'vitest';
import { QuickReads } from './quick-reads.ts';

/** Reads that take as long as they are told to. */
function timed() {
  let now = 0;
  const reads = new QuickReads(() => now);
  return {
    read: (ms: number) => reads.try(() => ((now += ms), 'bytes')),
    fail: () => reads.try(() => JSON.parse('{')),
    wait: (ms: number) => (now += ms),
  };
}

test('reads go on as long as each is quick', () => {
  const { read } = timed();
  for (let n = 0; n < 1_000; n += 1) expect(read(0.01)).toBe('bytes');
});

test('one slow read among quick ones changes nothing', () => {
  const { read } = timed();
  for (let n = 0; n < 100; n += 1) {
    expect(read(20)).toBe('bytes');
    expect(read(0.01)).toBe('bytes');
  }
});

test('after two slow reads there is none for a second, and then one that shows how it is', () => {
  const { read, wait } = timed();
  expect(read(20)).toBe('bytes');
  expect(read(20)).toBe('bytes');
  expect(read(0.01)).toBeUndefined();
  wait(990);
  expect(read(0.01)).toBeUndefined();
  wait(10);
  expect(read(20)).toBe('bytes');
  expect(read(0.01)).toBeUndefined();
  wait(1_000);
  expect(read(0.01)).toBe('bytes');
  expect(read(0.01)).toBe('bytes');
});

test('a read that fails gives nothing, and the next one is tried', () => {
  const { fail, read } = timed();
  expect(fail()).toBeUndefined();
  expect(read(0.01)).toBe('bytes');
});
