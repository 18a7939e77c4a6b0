import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Report } from './report.ts';
import { type CheckedMutant, type Sample, SampleChecker } from './sample.ts';

const names = Array.from({ length: 200 }, (_, i) => `name${i}`);

/** A file with one mutant on each line, after as many empty lines as told, and the names that a sample passes on. */
async function passed(sample: Sample, emptyLines = 0): Promise<ReadonlySet<string | undefined>> {
  await using directory = await mkdtempDisposable(join(tmpdir(), 'mcr-mutate-'));
  const fileName = join(directory.path, 'code.ts');
  await writeFile(fileName, '\n'.repeat(emptyLines) + names.map((name) => `  ${name}();`).join('\n'));
  const mutants = names.map((name, i): CheckedMutant => {
    const line = emptyLines + i;
    const location = { start: { line, column: 2 }, end: { line, column: 2 + name.length } };
    return { id: String(i), fileName, mutatorName: 'Name', replacement: '""', location };
  });
  const checker = new SampleChecker(sample);
  expect(await checker.group(mutants)).toEqual(mutants.map(({ id }) => [id]));
  const results = Object.entries(await checker.check(mutants));
  expect(results).toHaveLength(names.length);
  return new Set(results.filter(([, { status }]) => status === 'passed').map(([id]) => names[Number(id)]));
}

test('a sample is about as large as its share, and a larger one holds it', async () => {
  const [tenth, half, all] = [
    await passed({ share: 0.1, seed: '1' }),
    await passed({ share: 0.5, seed: '1' }),
    await passed({ share: 1, seed: '1' }),
  ];
  expect(tenth.size).toBeGreaterThan(5);
  expect(tenth.size).toBeLessThan(40);
  expect([...half]).toEqual(expect.arrayContaining([...tenth]));
  expect(all.size).toBe(names.length);
});

test('code that moved keeps its mutants, and another seed chooses others', async () => {
  const sample = { share: 0.5, seed: '1' };
  expect(await passed(sample, 7)).toEqual(await passed(sample));
  expect(await passed({ ...sample, seed: '2' })).not.toEqual(await passed(sample));
});

test('the mutants of a report are in the sample, whatever its share', async () => {
  const location = { start: { line: 1, column: 1 }, end: { line: 1, column: 6 } };
  const mutants = [{ mutatorName: 'Name', replacement: '""', status: 'Survived', location }];
  const like: Report = { files: { 'moved.ts': { source: 'name7();', mutants } } };
  expect(await passed({ share: 1e-9, seed: '1', like })).toEqual(new Set(['name7']));
});
