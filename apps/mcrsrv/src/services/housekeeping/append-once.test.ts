import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDirectory } from '@mcr/testkit';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { appendOnce, type Line } from './append-once.ts';

const lines = (...ids: number[]): Line[] =>
  ids.map((id) => ({ id, text: JSON.stringify({ id, pad: 'x'.repeat(900) }) }));
const idsIn = async (path: string): Promise<number[]> =>
  (await readFile(path, 'utf8'))
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { id: number }).id);

test('lines are appended, in a file for its owner alone', async () => {
  await using directory = await tempDirectory();
  const path = join(directory.path, 'log.jsonl');
  await appendOnce(directory.path, 'log.jsonl', lines(1, 2));
  await appendOnce(directory.path, 'log.jsonl', lines(3));
  expect(await idsIn(path)).toEqual([1, 2, 3]);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

test('what an earlier run wrote is not written again, and a line that it cut short is replaced', async () => {
  await using directory = await tempDirectory();
  const path = join(directory.path, 'log.jsonl');
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 300 }), fc.nat({ max: 50 }), async (before, written) => {
      const old = lines(...Array.from({ length: before }, (_, at) => at));
      const slice = lines(...Array.from({ length: 50 }, (_, at) => 1_000 + at));
      await writeFile(path, [...old, ...slice.slice(0, written)].map(({ text }) => `${text}\n`).join(''));
      await appendFile(path, slice[written]?.text.slice(0, 400) ?? '');
      await appendOnce(directory.path, 'log.jsonl', slice);
      expect(await idsIn(path)).toEqual([...old, ...slice].map(({ id }) => id));
    }),
    { numRuns: 30 },
  );
});

test('a file that holds something else is left alone', async () => {
  await using directory = await tempDirectory();
  const path = join(directory.path, 'log.jsonl');
  await writeFile(path, 'something else\n');
  await expect(appendOnce(directory.path, 'log.jsonl', lines(1))).rejects.toThrow(SyntaxError);
  expect(await readFile(path, 'utf8')).toBe('something else\n');
});
