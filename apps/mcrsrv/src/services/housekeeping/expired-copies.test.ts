import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Copy, expiredCopies } from './expired-copies.ts';

const day = 86_400_000;
const now = 100 * day;
const copies: readonly Copy[] = [1, 2, 3, 40].map((age) => ({ name: `${age} days old`, at: now - age * day }));

describe('copies of the database that may go', () => {
  test.each([
    ['beyond the number', { keep: 2, maxAge: 0 }, ['40 days old', '3 days old']],
    ['older than the age', { keep: 0, maxAge: 30 * day }, ['40 days old']],
    ['beyond the number or older than the age', { keep: 3, maxAge: 2 * day }, ['40 days old', '3 days old']],
    ['none where neither is limited', { keep: 0, maxAge: 0 }, []],
  ])('are those %s', (_, retention, expected) => {
    expect(expiredCopies(copies, retention, now).map(({ name }) => name)).toEqual(expected);
  });

  test('are never the newest one, however old it is', () => {
    const ancient = [{ name: 'only', at: 0 }];
    expect(expiredCopies(ancient, { keep: 1, maxAge: day }, now)).toEqual([]);
  });

  test('leave as many as the number says, whatever their times', () => {
    const anyCopies = fc.array(fc.record({ name: fc.string(), at: fc.integer({ min: 0, max: now }) }), {
      minLength: 1,
    });
    const property = fc.property(anyCopies, fc.integer({ min: 1, max: 10 }), (all, keep) => {
      const gone = expiredCopies(all, { keep, maxAge: 0 }, now);
      expect(all.length - gone.length).toBe(Math.min(keep, all.length));
      const newestGone = Math.max(...gone.map(({ at }) => at));
      for (const copy of all) if (!gone.includes(copy)) expect(copy.at).toBeGreaterThanOrEqual(newestGone);
    });
    fc.assert(property);
  });
});
