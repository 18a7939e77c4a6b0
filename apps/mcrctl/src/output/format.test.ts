import { expect, test } from 'vitest';
import { formatAgo, formatDuration, formatSize, printable, shortDigest } from './format.ts';

test.each([
  [0, '0 B'],
  [1, '1 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [90_282_214, '86.1 MiB'],
  [500 * 1024 ** 2, '500 MiB'],
  [1024 ** 4, '1.0 TiB'],
  [1024 ** 6, '1024 PiB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatSize(bytes)).toBe(text);
});

const minute = 60_000;
const day = 24 * 60 * minute;

test.each([
  [0, 'just now'],
  [59_999, 'just now'],
  [minute, '1 minute ago'],
  [59 * minute, '59 minutes ago'],
  [2 * 60 * minute, '2 hours ago'],
  [day, '1 day ago'],
  [400 * day, '400 days ago'],
  [-90 * minute, 'in 1 hour'],
  [-3 * day, 'in 3 days'],
])('%d ms ago is %s', (distance, text) => {
  const now = Date.parse('2026-11-23T22:00:00Z');
  expect(formatAgo(now - distance, now)).toBe(text);
});

test.each([
  [400, '0 s'],
  [4_000, '4 s'],
  [125_000, '2 min 5 s'],
])('%d ms last %s', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
});

test('a digest is shortened to its distinguishing part', () => {
  expect(shortDigest(`sha256:${'0123456789abcdef'.repeat(4)}`)).toBe('0123456789ab');
});

test('names cannot contain control characters', () => {
  expect(printable('a\u001B]0;title\u0007b\tc\nd\u009Be\u202Ef')).toBe(
    'a\uFFFD]0;title\uFFFDb\uFFFDc\uFFFDd\uFFFDe\uFFFDf',
  );
});
