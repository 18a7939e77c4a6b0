import { describe, expect, test } from 'vitest';
import { boxesOf, treemap } from './treemap.ts';

describe('the boxes of a map', () => {
  test.each([[[1]], [[5, 3, 2]], [[96, 58, 43, 38, 24, 21, 18, 15, 11, 9, 8, 41]], [[1e12, 1, 1]]])(
    'of %j have areas in proportion, and lie within it without overlapping',
    (values) => {
      const boxes = boxesOf(values);
      const total = values.reduce((sum, value) => sum + value, 0);
      for (const [at, { x, y, width, height }] of boxes.entries()) {
        expect(width * height).toBeCloseTo((10_000 * values[at]!) / total, 3);
        for (const [start, length] of [
          [x, width],
          [y, height],
        ] as const) {
          expect(start).toBeGreaterThanOrEqual(0);
          expect(start + length).toBeLessThanOrEqual(100.001);
        }
        for (const other of boxes.slice(at + 1)) {
          const isApart =
            x + width <= other.x + 0.001 ||
            other.x + other.width <= x + 0.001 ||
            y + height <= other.y + 0.001 ||
            other.y + other.height <= y + 0.001;
          expect(isApart).toBe(true);
        }
      }
    },
  );
});

test('a tile is a link with its name, which is no markup, and nothing without a value', async () => {
  const tile = { text: '1 B', href: '/x', color: 'c2' };
  const tiles = [
    { ...tile, name: '<script>', value: 3 },
    { ...tile, name: 'nothing', value: 0 },
  ];
  const map = (await treemap('Map', tiles)).toString();
  expect(map).toContain('<a href="/x"><title>&lt;script&gt;: 1 B</title>');
  expect(map).not.toContain('<script');
  expect(map).not.toContain('nothing');
});
