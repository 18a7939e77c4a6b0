import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RegistryError } from './errors.ts';
import { maxPageSize, nextLink, parseCursor, parsePageSize } from './pagination.ts';
import { anyText } from './testing/arbitrary.ts';
import { errorOf, rejectionOf } from './testing/rejection.ts';

describe('parsePageSize', () => {
  test.each([
    ['absent', [], undefined],
    ['0', ['0'], 0],
    ['1', ['1'], 1],
    ['007', ['007'], 7],
    ['the maximum', [String(maxPageSize)], maxPageSize],
    ['one more than the maximum', [String(maxPageSize + 1)], maxPageSize],
    ['2^31', [String(2 ** 31)], maxPageSize],
    ['2^63', [String(2n ** 63n)], maxPageSize],
    ['40 digits', ['9'.repeat(40)], maxPageSize],
    ['400 digits', ['9'.repeat(400)], maxPageSize],
  ])('reads %s', (_name, values, expected) => {
    expect(parsePageSize(values)).toBe(expected);
  });

  test.each([
    '',
    '-1',
    '-0',
    '+1',
    ' 1',
    '1 ',
    '1e400',
    '1e3',
    '1.0',
    'NaN',
    'Infinity',
    '0x10',
    '10&n=20',
    '١',
    '1\n',
  ])('rejects %j', (value) => {
    const error = rejectionOf('PARAMETER_INVALID', () => parsePageSize([value]));
    expect(error.detail).toEqual({ parameter: 'n', value });
  });

  test('rejects more than one value, even equal ones', () => {
    expect(rejectionOf('PARAMETER_INVALID', () => parsePageSize(['10', '20'])).message).toContain('Duplicate');
    rejectionOf('PARAMETER_INVALID', () => parsePageSize(['10', '10']));
  });

  test('returns integers from 0 to the maximum, and throws nothing but a RegistryError', () => {
    const value = fc.oneof(fc.string(), fc.integer().map(String), fc.double().map(String), fc.bigInt().map(String));
    fc.assert(
      fc.property(fc.array(value, { maxLength: 2 }), (values) => {
        const error = errorOf(() => {
          const size = parsePageSize(values) ?? 0;
          expect(Number.isInteger(size) && size >= 0 && size <= maxPageSize).toBe(true);
        });
        if (error !== undefined) expect(error).toBeInstanceOf(RegistryError);
      }),
    );
  });
});

describe('parseCursor', () => {
  test.each(['', 'latest', 'team/app', 'not a tag', 'ä', 'a'.repeat(512)])('passes %j on', (value) => {
    expect(parseCursor([value])).toBe(value);
  });

  test('is absent if the query has none', () => {
    expect(parseCursor([])).toBeUndefined();
  });

  test.each(['a\0', '\n', 'a\r\nX: y', '\u007f', '\u0085', 'a'.repeat(513)])('rejects %j', (value) => {
    const error = rejectionOf('PARAMETER_INVALID', () => parseCursor([value]));
    expect(error.detail).toEqual({ parameter: 'last', value: value.slice(0, 100) });
  });

  test('rejects more than one value', () => {
    rejectionOf('PARAMETER_INVALID', () => parseCursor(['a', 'b']));
  });
});

describe('nextLink', () => {
  test('links the next page of a tag list', () => {
    expect(nextLink('/v2/team/app/tags/list', { n: 2, last: 'v1.0' })).toBe(
      '</v2/team/app/tags/list?n=2&last=v1.0>; rel="next"',
    );
  });

  test('omits absent parameters', () => {
    expect(nextLink('/v2/_catalog', { n: undefined, last: 'a/b' })).toBe('</v2/_catalog?last=a%2Fb>; rel="next"');
    expect(nextLink('/v2/_catalog', {})).toBe('</v2/_catalog>; rel="next"');
  });

  test('repeats a filter so that it is kept over the round trip', () => {
    const link = nextLink('/v2/a/referrers/sha256:0', { artifactType: 'application/vnd.x+json; a="b" c', last: 'd' });
    expect(link).toBe(
      '</v2/a/referrers/sha256:0?artifactType=application%2Fvnd.x%2Bjson%3B%20a%3D%22b%22%20c&last=d>; rel="next"',
    );
  });

  test('decodes to the same parameters, and cannot be broken out of', () => {
    const query = fc.dictionary(fc.string({ minLength: 1 }), anyText, { noNullPrototype: true });
    fc.assert(
      fc.property(anyText, query, (segment, parameters) => {
        const link = nextLink(`/v2/${segment}`, parameters);
        const [, target = ''] = /^<([\x21-\x7e]+)>; rel="next"$/.exec(link) ?? [];
        expect(target).not.toMatch(/[<>"\\]/);
        const { pathname, searchParams } = new URL(target, 'http://host');
        // the parser resolves dot segments
        if (!segment.includes('.')) expect(decodeURIComponent(pathname)).toBe(`/v2/${segment.toWellFormed()}`);
        expect(Object.fromEntries(searchParams)).toEqual(
          Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, value.toWellFormed()])),
        );
      }),
    );
  });
});
