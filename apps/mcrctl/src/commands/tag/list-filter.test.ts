import { expect, test } from 'vitest';
import { filterOf } from './list-filter.ts';

const now = Date.parse('2026-11-23T22:00:00Z');

test('filters have the names that the API has, and what is not given is left out', () => {
  expect(filterOf({}, now)).toEqual({});
  expect(filterOf({ match: 'pr-*', 'older-than': '2d', platform: 'linux/arm64', signed: 'no' }, now)).toEqual({
    match: 'pr-*',
    updated_before: '2026-11-21T22:00:00.000Z',
    platform: 'linux/arm64',
    signed: false,
  });
});

test.each([
  [{ match: 'pr-[12]' }, 'invalid value "pr-[12]" for --match'],
  [{ match: '' }, 'invalid value "" for --match'],
  [{ 'older-than': '2w' }, 'invalid value "2w" for --older-than'],
])('%j is a usage error', (args, message) => {
  expect(() => filterOf(args, now)).toThrow(expect.objectContaining({ message, exitCode: 2 }));
});
