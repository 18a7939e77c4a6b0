import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { versionKey } from './version-key.ts';

/** Compares text like a database. */
const bytewise = (left: string, right: string) => Buffer.compare(Buffer.from(left), Buffer.from(right));
const byVersion = (left: string, right: string) => bytewise(versionKey(left), versionKey(right));

describe('names by version', () => {
  test.each([
    [['1.9', '1.10', '1.11', '2.0', '10.0']],
    [['v1.2.9', 'v1.2.10', 'v1.10.0', 'v2.0.0']],
    [['1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-beta.2', '1.0.0-beta.11', '1.0.0-rc.1', '1.0.0', '1.0.1']],
    [['1.0', '1.0-alpine', '1.0.1', '1.1']],
    [['1', '1.0', '1.0.0', '1.0.0.1']],
    [['build-2', 'build-10', 'build-100']],
    [['20260101', '20260102', '100000000000000000000']],
    [['9', '10', 'latest', 'pr-9', 'pr-10']],
    [['RC1', 'rc2', 'RC10']],
    [['1.9-alpine', '1.10-alpine']],
  ])('are sorted as %j', (names) => {
    expect(names.toReversed().toSorted(byVersion)).toEqual(names);
  });

  test.each([
    ['01', '1'],
    ['V1', 'v1'],
  ])('%s and %s are the same version', (left, right) => {
    expect(versionKey(left)).toBe(versionKey(right));
  });

  test('compare semantic versions as the specification does', () => {
    const version = fc.tuple(fc.nat(20), fc.nat(20), fc.nat(200));
    fc.assert(
      fc.property(version, version, (left, right) => {
        const at = left.findIndex((part, index) => part !== right[index]);
        const wanted = at === -1 ? 0 : Math.sign((left[at] ?? 0) - (right[at] ?? 0));
        expect(Math.sign(byVersion(left.join('.'), right.join('.')))).toBe(wanted);
      }),
    );
  });
});
