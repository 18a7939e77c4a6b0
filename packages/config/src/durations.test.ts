import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDuration } from './durations.ts';

describe('parseDuration', () => {
  test.each([
    ['0', 0],
    ['0s', 0],
    ['500ms', 500],
    ['30s', 30_000],
    ['15m', 900_000],
    ['24h', 86_400_000],
    ['7d', 604_800_000],
  ])('reads %s', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  test.each([
    '',
    '30',
    '-1s',
    '+1s',
    '1.5h',
    '1h30m',
    '1 s',
    ' 1s',
    '1s\n',
    '1S',
    '1w',
    's',
    '0x10s',
    '1e3s',
    '٣s',
    '00',
    `${'9'.repeat(30)}d`,
  ])('rejects %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  test('returns whole milliseconds or undefined for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d+(ms|s|m|h|d)$/)), (text) => {
        const milliseconds = parseDuration(text);
        expect(milliseconds === undefined || (Number.isSafeInteger(milliseconds) && milliseconds >= 0)).toBe(true);
      }),
    );
  });
});
