import { expect, test } from 'vitest';
import { choosePlatform, earlierTag } from './pick.ts';

const tags = [
  { name: '1.0', digest: 'a' },
  { name: '1.1', digest: 'b' },
  { name: '1.1.0', digest: 'b' },
  { name: '2.0', digest: 'c' },
];

test.each([
  ['the version before', '2.0', '1.1.0'],
  ['the version before that is another image', '1.1.0', '1.0'],
  ['the one after the first', '1.0', '1.1'],
  ['the one before a digest', 'c', '1.1.0'],
  ['the last version, for a digest without a tag', 'd', '2.0'],
])('a tag is compared with %s', (_name, to, expected) => {
  expect(earlierTag(tags, to)).toBe(expected);
});

test('a tag that has no other image beside it is compared with nothing', () => {
  expect(earlierTag(tags.slice(1, 3), '1.1')).toBeUndefined();
});

test.each([
  ['that was asked for', 'b', ['a', 'b'], ['b', 'a'], 'b'],
  ['that both have', '', ['b'], ['a', 'b'], 'b'],
  ['that both have, if one has not what was asked for', 'c', ['a', 'b'], ['b', 'c'], 'b'],
  ['of one', '', ['a'], ['b'], 'b'],
  ['of the only index', '', ['a'], [], 'a'],
  ['of none', 'x', [], [], undefined],
])('the platform is the one %s', (_name, asked, from, to, expected) => {
  expect(choosePlatform(asked, from, to)).toBe(expected);
});
