import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseShare } from './sizes.ts';

describe('parseShare', () => {
  test.each([
    ['0', { bytes: 0 }],
    ['0B', { bytes: 0 }],
    ['100B', { bytes: 100 }],
    ['7kB', { bytes: 7_000 }],
    ['7KiB', { bytes: 7_168 }],
    ['512MiB', { bytes: 536_870_912 }],
    ['500MB', { bytes: 500_000_000 }],
    ['2GB', { bytes: 2_000_000_000 }],
    ['2GiB', { bytes: 2_147_483_648 }],
    ['1TB', { bytes: 1_000_000_000_000 }],
    ['1TiB', { bytes: 1_099_511_627_776 }],
    ['0%', { percent: 0 }],
    ['5%', { percent: 5 }],
    ['99%', { percent: 99 }],
  ])('reads %s', (text, share) => {
    expect(parseShare(text)).toEqual(share);
  });

  test.each([
    '',
    '512',
    '00',
    '-1MB',
    '+1MB',
    '1.5GB',
    '1 GB',
    ' 1GB',
    '1GB\n',
    '1gb',
    '1KB',
    '1kiB',
    '1G',
    '1PB',
    '%',
    '100%',
    '2.5%',
    '٣GB',
    `${'9'.repeat(30)}TB`,
  ])('rejects %j', (text) => {
    expect(parseShare(text)).toBeUndefined();
  });

  test('returns whole bytes, or at most 100 %, or undefined for any text', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\d+(%|[kMGT]?B|[KMGT]iB)$/)), (text) => {
        const share = parseShare(text);
        if (share === undefined) return;
        const value = 'bytes' in share ? share.bytes : share.percent;
        expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
        if ('percent' in share) expect(share.percent).toBeLessThan(100);
      }),
    );
  });
});
