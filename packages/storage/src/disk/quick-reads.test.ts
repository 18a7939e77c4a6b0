import { expect, test } from 'vitest';
import { QuickReads } from './quick-reads.ts';

/** Reads that take as long as they are told to, and wait for a processor besides. */
function timed() {
  let now = 0;
  let work = 0;
  let looks = 0;
  const workClock = () => ((looks += 1), work);
  const reads = new QuickReads(() => now, workClock);
  return {
    read: (ms: number, waited = 0) => reads.try(() => ((now += ms + waited), (work += ms), 'bytes')),
    looks: () => looks,
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

test('reads that wait for a processor are not slow, however many they are', () => {
  const { read } = timed();
  for (let n = 0; n < 100; n += 1) expect(read(0.01, 20)).toBe('bytes');
  expect(read(20)).toBe('bytes');
  expect(read(20)).toBeUndefined();
});

test('a read that waits for a processor after a pause ends it', () => {
  const { read, wait } = timed();
  read(20);
  read(20);
  wait(1_000);
  expect(read(0.01, 20)).toBe('bytes');
  expect(read(0.01)).toBe('bytes');
});

test('the clock of work is not asked while reads are quick', () => {
  const { read, looks } = timed();
  for (let n = 0; n < 100; n += 1) read(1);
  expect(looks()).toBe(0);
});
