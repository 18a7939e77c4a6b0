import { expect, test } from 'vitest';
import type { Client } from '../../api/client.ts';
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

test('filters have the names that the API has', async () => {
  const client = { server: 'https://localhost:8443' } as Client;
  const digest = `sha256:${'a'.repeat(64)}`;
  const filters = { type: 'login', actor: 'id', repository: 'localhost:8443/team/app', tag: '1.0', digest };
  expect(await queryOf(filters, client)).toEqual({
    event_type: 'login',
    actor: 'id',
    repository: 'team/app',
    tag: '1.0',
    digest,
  });
  await expect(queryOf({ tag: '1.0' }, client)).rejects.toThrow('--tag is of a repository');
  await expect(queryOf({ digest: 'aaaaaa' }, client)).rejects.toThrow('"aaaaaa" is not a whole digest');
});
