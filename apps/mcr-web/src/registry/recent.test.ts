import { expect, test } from 'vitest';
import { Recent } from './recent.ts';

/** A value that is read as often as `reads` says, and a clock that is set by hand. */
function watch() {
  const state = { now: 1_000_000, reads: 0 };
  const recent = new Recent<number>({ now: () => state.now }, 10_000);
  const read = async () => {
    state.reads += 1;
    return state.reads;
  };
  return { state, recent, read };
}

test('a value is kept for its time', async () => {
  const { state, recent, read } = watch();
  expect(await recent.get(read)).toBe(1);
  state.now += 9_999;
  expect(await recent.get(read)).toBe(1);
  state.now += 1;
  expect(await recent.get(read)).toBe(2);
});

test('those who come while it is read share the reading', async () => {
  const { recent, read } = watch();
  expect(await Promise.all([recent.get(read), recent.get(read), recent.get(read)])).toEqual([1, 1, 1]);
});

test('a failure reaches all who share it, and is not kept', async () => {
  const { recent, read } = watch();
  const fail = () => Promise.reject<number>(new Error('no response'));
  const failed = await Promise.allSettled([recent.get(fail), recent.get(read)]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await recent.get(read)).toBe(1);
});

test('a clock that was set back keeps it no longer', async () => {
  const { state, recent, read } = watch();
  await recent.get(read);
  state.now -= 3_600_000;
  expect(await recent.get(read)).toBe(2);
});

test('a value of another version is read anew, and any will do for who names none', async () => {
  const { recent, read } = watch();
  expect(await recent.get(read, 'a')).toBe(1);
  expect(await recent.get(read, 'a')).toBe(1);
  expect(await recent.get(read)).toBe(1);
  expect(await recent.get(read, 'b')).toBe(2);
});

test('a value that is to be forgotten is read anew', async () => {
  const { recent, read } = watch();
  await recent.get(read);
  recent.forget();
  expect(await recent.get(read)).toBe(2);
});
