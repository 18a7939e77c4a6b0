import { expect, test } from 'vitest';
import { parseInstant, queryOf } from './filters.ts';

const clock = { now: () => Date.parse('2026-11-23T22:00:00Z') };

test.each([
  ['2026-11-23', '2026-11-23T00:00:00.000Z'],
  ['2026-11-23T10:00Z', '2026-11-23T10:00:00.000Z'],
  ['2026-11-23T10:00:00.5Z', '2026-11-23T10:00:00.500Z'],
  ['2026-11-23T10:00:00+02:00', '2026-11-23T08:00:00.000Z'],
  ['30m', '2026-11-23T21:30:00.000Z'],
  ['24h', '2026-11-22T22:00:00.000Z'],
  ['7d', '2026-11-16T22:00:00.000Z'],
])('%s is %s', (text, instant) => {
  expect(parseInstant(text, '--since', clock)).toBe(instant);
});

test.each(['', 'yesterday', '1', '1w', '-1h', '2026-13-01', '2026-11-23 10:00', '23.11.2026', '10:00'])(
  '"%s" is no time',
  (text) => {
    expect(() => parseInstant(text, '--until', clock)).toThrow(
      expect.objectContaining({ message: `invalid value "${text}" for --until`, exitCode: 2 }),
    );
  },
);

test('filters have the names that the API has', () => {
  const filters = { type: 'login', actor: 'id', repository: 'localhost:8443/team/app' };
  expect(queryOf(filters, 'https://localhost:8443')).toEqual({
    event_type: 'login',
    actor: 'id',
    repository: 'team/app',
  });
});
