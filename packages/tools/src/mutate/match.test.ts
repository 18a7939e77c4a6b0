import { expect, test } from 'vitest';
import { matchMutants } from './match.ts';
import type { Mutant } from './report.ts';

let line = 0;

function mutant(file: string, original: string, replacement = '{}', mutator = 'BlockStatement'): Mutant {
  line += 1;
  return { file, line, mutator, original, replacement, status: 'Killed', killedBy: [] };
}

const block =
  "{ const known = await store.getUpload(id); if (known === undefined) throw new Problem('nothing here'); }";

test.each([
  ['where it was, on other lines', 'a.ts', block.replaceAll(' ', '\n')],
  ['in a file of another name', 'b.ts', block],
  ['with another message', 'a.ts', block.replace('nothing here', 'unknown upload')],
  ['with other names', 'a.ts', block.replace('getUpload', 'uploads.get')],
])('a mutant is found again %s', (_case, file, original) => {
  const before = [mutant('a.ts', block)];
  const after = [mutant(file, '{ count += 1; }'), mutant(file, original)];
  const { pairs, gone } = matchMutants(before, after);
  expect(pairs).toEqual([{ before: before[0], after: after[1] }]);
  expect(gone).toEqual([]);
});

test('equal mutants of a file are matched in their order, and those of its own file first', () => {
  const equal = (file: string): Mutant => mutant(file, 'limit < 0', 'true', 'ConditionalExpression');
  const before = [equal('a.ts'), equal('a.ts'), equal('b.ts')];
  const after = [equal('b.ts'), equal('a.ts'), equal('a.ts')];
  expect(matchMutants(before, after).pairs).toEqual([
    { before: before[0], after: after[1] },
    { before: before[1], after: after[2] },
    { before: before[2], after: after[0] },
  ]);
});

test('of equal mutants in many files, those of a moved file are found where most of it went', () => {
  const equal = (file: string): Mutant => mutant(file, 'true', 'false', 'BooleanLiteral');
  const before = [mutant('old.ts', block), equal('old.ts')];
  const after = [equal('other.ts'), mutant('new.ts', block), equal('new.ts')];
  expect(matchMutants(before, after).pairs.map((pair) => pair.after.file)).toEqual(['new.ts', 'new.ts']);
});

test.each([
  ['with another replacement', mutant('a.ts', 'a + b', 'a * b', 'ArithmeticOperator')],
  ['by another mutator', mutant('a.ts', 'a + b', 'a - b', 'AssignmentOperator')],
  ['of other code', mutant('a.ts', 'count + 1', 'count - 1', 'ArithmeticOperator')],
])('a mutant %s is another one', (_case, other) => {
  const before = mutant('a.ts', 'a + b', 'a - b', 'ArithmeticOperator');
  expect(matchMutants([before], [other])).toEqual({ pairs: [], gone: [before] });
});
