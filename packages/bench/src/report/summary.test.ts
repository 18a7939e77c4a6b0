import { expect, test } from 'vitest';
import { formatNumber, formatSpread } from './format.ts';
import { clientRowsOf, rowsOf, spreadOf } from './summary.ts';

const group = { name: 'G', about: '', chart: 'bars', contenders: ['a', 'b'], comparisons: [['a', 'b']] } as const;

function series(contender: string, rounds: readonly (number | null)[], metric = 'requests/s') {
  return { group: 'G', workload: 'reads', metric, contender, rounds };
}

test.each([
  [[5], { median: 5, min: 5, max: 5 }],
  [[9, 1, 5], { median: 5, min: 1, max: 9 }],
  [[4, 1, 2, 9], { median: 3, min: 1, max: 9 }],
])('the spread of %j is %j', (rounds, expected) => {
  expect(spreadOf(rounds)).toEqual(expected);
});

test('a ratio compares rounds of the same turn, and its median is that of the ratios', () => {
  const [row] = rowsOf({ series: [series('a', [10, 30, 80]), series('b', [10, 10, 20])] }, group);
  expect(row?.ratios.get('a : b')).toEqual({ median: 3, min: 1, max: 4 });
});

test('a round that failed has no ratio, and the others are compared with the same one', () => {
  const [row] = rowsOf({ series: [series('a', [10, null, 80, 7]), series('b', [10, 10, 20])] }, group);
  expect(row?.ratios.get('a : b')).toEqual({ median: 2.5, min: 1, max: 4 });
  expect(row?.values.get('a')).toEqual({ median: 10, min: 7, max: 80 });
});

test('contenders stand in the order of their group, not of measurement', () => {
  const [row] = rowsOf({ series: [series('b', [1]), series('a', [1])] }, group);
  expect([...(row?.values.keys() ?? [])]).toEqual(['a', 'b']);
});

test('figures about the load generator are apart', () => {
  const all = { series: [series('a', [1]), series('a', [2], 'load generator cores')] };
  expect(rowsOf(all, group).map(({ metric }) => metric)).toEqual(['requests/s']);
  expect(clientRowsOf(all, group).map(({ metric }) => metric)).toEqual(['load generator cores']);
});

test('what only one contender measured has no ratio', () => {
  const [row] = rowsOf({ series: [series('a', [10])] }, group);
  expect(row?.ratios.size).toBe(0);
});

test('each metric is a row, and other groups are not in it', () => {
  const other = { ...series('a', [1]), group: 'H' };
  const rows = rowsOf({ series: [series('a', [1]), series('a', [2], 'CPU ms/request'), other] }, group);
  expect(rows.map(({ metric }) => metric)).toEqual(['requests/s', 'CPU ms/request']);
});

test.each([
  [12_345.6, '12,346'],
  [45.678, '45.7'],
  [0.081_23, '0.0812'],
  [0, '0'],
  [Number.NaN, '–'],
  [Number.POSITIVE_INFINITY, '–'],
])('%f is written %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test('the range stands beside the median unless there was one round only', () => {
  expect(formatSpread({ median: 2, min: 1, max: 3 })).toBe('2 (1–3)');
  expect(formatSpread({ median: 2, min: 2, max: 2 })).toBe('2');
});
