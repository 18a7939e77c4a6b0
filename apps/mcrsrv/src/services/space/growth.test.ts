import { expect, test } from 'vitest';
import { growthOf } from './growth.ts';

const dayMs = 86_400_000;
const today = 20_000;
const now = today * dayMs;

/** A sample for each of the last days, today's among them. */
const course = (length: number, bytes: (at: number) => number) =>
  Array.from({ length }, (_, at) => ({ day: today - length + 1 + at, storedBytes: 1, usedBytes: bytes(at) }));

test('what grows by the same every day is full when the room is used up', () => {
  const growth = growthOf(
    course(30, (at) => 5_000 + at * 100),
    1_000,
    now,
  );
  expect(growth).toEqual({ state: 'growing', daysMissing: 0, bytesPerDay: 100, fullAt: now + 10 * dayMs });
});

test('days without a sample do not count as days without growth', () => {
  const samples = course(30, (at) => 5_000 + at * 100).filter((_, at) => at % 7 === 1);
  expect(growthOf(samples, 1_000, now)).toMatchObject({ bytesPerDay: 100 });
});

test.each([1, 4, 7])('%i days of samples are not enough, and it says how many are missing', (length) => {
  expect(
    growthOf(
      course(length, (at) => at),
      9,
      now,
    ),
  ).toEqual({ state: 'unknown', daysMissing: 8 - length });
});

test('nothing at all is not enough', () => {
  expect(growthOf([], 9, now)).toEqual({ state: 'unknown', daysMissing: 7 });
});

test('what shrinks, or stays as it is, is never full', () => {
  expect(
    growthOf(
      course(9, (at) => 9_000 - at * 100),
      1,
      now,
    ),
  ).toMatchObject({ state: 'shrinking', bytesPerDay: -100 });
  for (const bytes of [() => 1_000_000, (at: number) => 1_000_000 + at, () => 0]) {
    const growth = growthOf(course(9, bytes), 1, now);
    expect(growth).toMatchObject({ state: 'steady' });
    expect(growth.fullAt).toBeUndefined();
  }
});

test('without room it is full now, and a day more than ten years away is none', () => {
  const samples = course(9, (at) => 5_000 + at * 100);
  expect(growthOf(samples, -5, now).fullAt).toBe(now);
  expect(growthOf(samples, 100 * 3_649, now).fullAt).toBe(now + 3_649 * dayMs);
  expect(growthOf(samples, 100 * 3_651, now).fullAt).toBeUndefined();
  expect(growthOf(samples, undefined, now)).toMatchObject({ state: 'growing', bytesPerDay: 100 });
});

test('only the last 30 days count, and where nothing is used what is stored does', () => {
  const older = course(90, (at) => (at < 60 ? 9_000 - at : 100 + at * 10));
  expect(growthOf(older, undefined, now)).toMatchObject({ state: 'growing', bytesPerDay: 10 });
  const stored = course(9, () => 0).map(({ day }, at) => ({ day, storedBytes: 5_000 + at * 7 }));
  expect(growthOf(stored, undefined, now)).toMatchObject({ state: 'growing', bytesPerDay: 7 });
});
