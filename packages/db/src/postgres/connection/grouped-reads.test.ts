import { expect, test } from 'vitest';
import { GroupedReads } from './grouped-reads.ts';

/** A look-up that says with which keys it was called, and waits until it is told to go on. */
function slowLookUp() {
  const groups: (readonly number[])[] = [];
  const waiting: (() => void)[] = [];
  const lookUp = async (keys: readonly number[]): Promise<number[]> => {
    groups.push(keys);
    await new Promise<void>((resolve) => waiting.push(resolve));
    return keys.map((key) => key * 2);
  };
  return { groups, lookUp, goOn: () => waiting.splice(0).forEach((resolve) => resolve()) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('what is asked for in one turn is one statement, and each caller gets its own result', async () => {
  const reads = new GroupedReads();
  const { groups, lookUp, goOn } = slowLookUp();
  const results = [1, 2, 3].map((key) => reads.read(lookUp, key));
  await turn();
  expect(groups).toEqual([[1, 2, 3]]);
  goOn();
  expect(await Promise.all(results)).toEqual([2, 4, 6]);
});

test('two statements are under way at most, and what waits meanwhile becomes the next one', async () => {
  const reads = new GroupedReads();
  const { groups, lookUp, goOn } = slowLookUp();
  const results: Promise<number>[] = [];
  for (const key of [1, 2, 3, 4]) {
    results.push(reads.read(lookUp, key));
    await turn();
  }
  expect(groups).toEqual([[1], [2]]);
  goOn();
  await turn();
  await turn();
  expect(groups).toEqual([[1], [2], [3, 4]]);
  goOn();
  expect(await Promise.all(results)).toEqual([2, 4, 6, 8]);
});

test('a statement that fails fails for all of its callers, and for no other', async () => {
  const reads = new GroupedReads();
  const lookUp = async (keys: readonly number[]): Promise<readonly number[]> => {
    if (keys.includes(1)) throw new Error('broken');
    return keys;
  };
  const failing = [1, 2].map((key) => expect(reads.read(lookUp, key)).rejects.toThrow('broken'));
  await Promise.all(failing);
  expect(await reads.read(lookUp, 3)).toBe(3);
});

test('no more than 10,000 wait', async () => {
  const reads = new GroupedReads();
  const { lookUp } = slowLookUp();
  for (let key = 0; key < 10_000; key += 1) void reads.read(lookUp, key);
  await expect(reads.read(lookUp, 0)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
});
