import { expect, test } from 'vitest';
import { naturalWidths, renderTable } from './table.ts';

const render = (rows: readonly (readonly string[])[], columns: number): string[] =>
  renderTable(rows, { natural: naturalWidths(rows, []), columns }, (text) => text);

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
  const room = { natural: naturalWidths([['c', 'd']], first), columns: 80 };
  expect(renderTable([['c', 'd']], room, (text) => text)).toEqual(['c         d']);
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

test.each([
  [40, '2026-11-23 20:00:00Z  a long n…  another'],
  [30, '2026-11-23…  a long …  another'],
])('in a terminal of %d columns a column that is to stay whole is truncated last', (columns, line) => {
  const rows = [['2026-11-23 20:00:00Z', 'a long name of something', 'another']];
  const room = { natural: naturalWidths(rows, []), whole: new Set([0]), columns };
  expect(renderTable(rows, room, (text) => text)).toEqual([line]);
});
