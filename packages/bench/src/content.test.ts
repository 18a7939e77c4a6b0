import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { cut, textContent, uniqueContent } from './content.ts';

test.each([
  ['exactly', [4, 4], 4, [4, 4]],
  ['with a rest', [10], 4, [4, 4, 2]],
  ['across chunks', [3, 3, 3], 4, [4, 4, 1]],
  ['larger than everything', [3, 3], 60, [6]],
  ['of nothing', [], 4, []],
])('content is cut %s', (_case, chunks, size, expected) => {
  const pieces = chunks.map((length) => randomBytes(length));
  const groups = cut(pieces, size).map((group) => Buffer.concat(group));
  expect(groups.map(({ length }) => length)).toEqual(expected);
  expect(Buffer.concat(groups)).toEqual(Buffer.concat(pieces));
});

test.each([31, 32, 33, (1 << 20) + 32, 3_000_000])('unique content of %i bytes has that size', (size) => {
  const { chunks, digest, size: said } = uniqueContent(size);
  expect(said).toBe(size);
  expect(Buffer.concat(chunks)).toHaveLength(size);
  expect(uniqueContent(size).digest).not.toBe(digest);
});

test('the digest of a text is the SHA-256 of its bytes', () => {
  expect(textContent('').digest).toBe('sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});
