import { expect, test } from 'vitest';
import { naturalWidths, renderTable } from './table.ts';

const render = (rows: readonly (readonly string[])[], columns: number): string[] =>
  renderTable(rows, naturalWidths(rows, []), columns, (text) => text);

test('columns are aligned, and lines end where their text ends', () => {
  const rows = [
    ['NAME', 'TAGS', 'SIZE'],
    ['team/app', '3', '86.1 MiB'],
    ['a', '120', ''],
  ];
  expect(render(rows, 80)).toEqual(['NAME      TAGS  SIZE', 'team/app  3     86.1 MiB', 'a         120']);
});

test('cells are truncated, those of the widest column first', () => {
  expect(render([['short', 'a rather long description', 'x']], 24)).toEqual(['short  a rather long…  x']);
});

test('columns do not become narrower from page to page', () => {
  const first = naturalWidths([['wide one', 'b']], []);
  expect(renderTable([['c', 'd']], naturalWidths([['c', 'd']], first), 80, (text) => text)).toEqual(['c         d']);
});

test.each([28, 40, 80, 133, 500])('in a terminal of %d columns no line is longer', (columns) => {
  const lengths = [3, 40, 17, 255, 0, 90];
  const rows = Array.from({ length: 20 }, (_, row) =>
    [0, 1, 2].map((column) => '\u{1F4E6}x'.repeat(lengths[(row * 7 + column * 5) % lengths.length]!)),
  );
  const lines = render(rows, columns);
  expect(Math.max(...lines.map((line) => Array.from(line).length))).toBe(columns);
});

test('columns keep a minimum width in any terminal', () => {
  expect(render([['a'.repeat(20), 'b'.repeat(20)]], 5)).toEqual(['aaaaaaa…  bbbbbbb…']);
});
