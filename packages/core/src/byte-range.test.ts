import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseByteRange, parseContentRange } from './byte-range.ts';
import { RegistryError } from './errors.ts';
import { errorOf, rejectionOf } from './testing/rejection.ts';

const whole = { kind: 'whole' };
const unsatisfiable = { kind: 'unsatisfiable' };

function span(start: number, end: number) {
  return { kind: 'span', start, end };
}

function spans(...pairs: [start: number, end: number][]) {
  return { kind: 'spans', spans: pairs.map(([start, end]) => ({ start, end })) };
}

describe('parseByteRange', () => {
  test.each([
    ['a range', 'bytes=500-1499', span(500, 1499)],
    ['one byte', 'bytes=0-0', span(0, 0)],
    ['the last byte', 'bytes=2047-2047', span(2047, 2047)],
    ['everything', 'bytes=0-2047', span(0, 2047)],
    ['an open range', 'bytes=500-', span(500, 2047)],
    ['an open range from the start', 'bytes=0-', span(0, 2047)],
    ['a suffix', 'bytes=-500', span(1548, 2047)],
    ['a suffix longer than the blob', 'bytes=-5000', span(0, 2047)],
    ['an end beyond the blob, clamped', 'bytes=2000-5000', span(2000, 2047)],
    ['an end of 40 digits, clamped', `bytes=2000-${'9'.repeat(40)}`, span(2000, 2047)],
    ['an end of 400 digits, clamped', `bytes=2000-${'9'.repeat(400)}`, span(2000, 2047)],
    ['leading zeros', 'bytes=000-0001', span(0, 1)],
    ['a unit in upper case', 'Bytes=0-1', span(0, 1)],
    ['a last byte before the first', 'bytes=500-0', unsatisfiable],
    ['a start beyond the blob', 'bytes=5000-10000', unsatisfiable],
    ['a start at the end of the blob', 'bytes=2048-', unsatisfiable],
    ['a start of 400 digits', `bytes=${'9'.repeat(400)}-`, unsatisfiable],
    ['a suffix of nothing', 'bytes=-0', unsatisfiable],
    ['several ranges', 'bytes=0-1,3-4', spans([0, 1], [3, 4])],
    ['several ranges with spaces and empty elements', 'bytes= 0-1 ,,\t3-4,', spans([0, 1], [3, 4])],
    ['ranges side by side, each for itself', 'bytes=0-1,2-3', spans([0, 1], [2, 3])],
    ['ranges in the order of the header', 'bytes=-8,1000-1009,0-0', spans([2040, 2047], [1000, 1009], [0, 0])],
    ['several ranges of which one is open', 'bytes=0-1,2000-', spans([0, 1], [2000, 2047])],
    ['several ranges, without those beyond the blob', 'bytes=0-1,5000-,3-4,-0', spans([0, 1], [3, 4])],
    ['several ranges of which one is in the blob', 'bytes=5000-,3-4', span(3, 4)],
    ['one range and empty elements', 'bytes=,3-4,', span(3, 4)],
    ['several ranges beyond the blob', 'bytes=5000-,6000-7000', unsatisfiable],
    ['ranges that overlap', 'bytes=0-10,10-11', whole],
    ['ranges that overlap in another order', 'bytes=10-11,0-10', whole],
    ['a range twice', 'bytes=0-1,0-1', whole],
    ['a suffix that overlaps', 'bytes=0-2000,-100', whole],
    ['several ranges of which one is reversed', 'bytes=0-1,5-4', whole],
    ['several ranges of which one is malformed', 'bytes=0-1,a-b', whole],
    ['several ranges of which one has no number', 'bytes=0-1,-', whole],
    ['nothing but commas', 'bytes=,,,', whole],
    ['another unit', 'items=0-1', whole],
    ['no unit', '0-1', whole],
    ['no range', 'bytes=', whole],
    ['only a dash', 'bytes=-', whole],
    ['a negative start', 'bytes=-1-2', whole],
    ['hexadecimal digits', 'bytes=0x0-0x1', whole],
    ['a fraction', 'bytes=0.5-1', whole],
    ['a line end', 'bytes=0-1\n', whole],
    ['an empty header', '', whole],
    ['no header', undefined, whole],
  ])('reads %s', (_name, header, expected) => {
    expect(parseByteRange(header, 2048)).toEqual(expected);
  });

  test.each(['bytes=0-', 'bytes=0-0', 'bytes=-1', 'bytes=-0'])(
    'treats %s of an empty blob as unsatisfiable',
    (header) => {
      expect(parseByteRange(header, 0)).toEqual(unsatisfiable);
    },
  );

  test('reads an empty blob as a whole without a header', () => {
    expect(parseByteRange(undefined, 0)).toEqual(whole);
  });

  test('reads 1024 ranges, as many as podman requests, and ignores more', () => {
    const header = (count: number) =>
      `bytes=${Array.from({ length: count }, (_, at) => `${2 * at}-${2 * at}`).join(',')}`;
    expect(parseByteRange(header(1_024), 4_096)).toMatchObject({ kind: 'spans', spans: { length: 1_024 } });
    expect(parseByteRange(header(1_025), 4_096)).toEqual(whole);
  });

  test('never returns more bytes than there are, whatever several ranges request', () => {
    const one = fc.tuple(fc.nat(60), fc.nat(60)).map(([first, length]) => `${first}-${first + length}`);
    const header = fc.array(
      fc.oneof(
        one,
        fc.nat(60).map((n) => `-${n}`),
        fc.constantFrom('', ' ', '9-', 'x'),
      ),
    );
    fc.assert(
      fc.property(header, fc.nat(50), (texts, size) => {
        const range = parseByteRange(`bytes=${texts.join(',')}`, size);
        if (range.kind !== 'spans') return;
        const positions = range.spans.flatMap(({ start, end }) =>
          Array.from({ length: end - start + 1 }, (_, at) => start + at),
        );
        expect(new Set(positions).size).toBe(positions.length);
        expect(Math.max(...positions)).toBeLessThan(size);
      }),
    );
  });

  test('returns spans inside the blob, and never throws', () => {
    const digits = fc.oneof(fc.constant(''), fc.nat().map(String), fc.bigInt({ min: 0n }).map(String));
    const header = fc.oneof(
      fc.string(),
      fc.tuple(digits, digits).map(([first, last]) => `bytes=${first}-${last}`),
    );
    fc.assert(
      fc.property(header, fc.nat(), (text, size) => {
        const range = parseByteRange(text, size);
        if (range.kind !== 'span') return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeGreaterThanOrEqual(range.start);
        expect(range.end).toBeLessThan(size);
      }),
    );
  });
});

describe('parseContentRange', () => {
  test.each([
    ['0-0', { start: 0, end: 0 }],
    ['0-1023', { start: 0, end: 1023 }],
    ['1024-2047', { start: 1024, end: 2047 }],
    ['9007199254740990-9007199254740991', { start: 2 ** 53 - 2, end: 2 ** 53 - 1 }],
  ])('accepts %s', (header, expected) => {
    expect(parseContentRange(header)).toEqual(expected);
  });

  test.each([
    '',
    '-',
    '0-',
    '-5',
    '5',
    '5-4',
    'bytes 0-1023',
    'bytes 0-1023/2048',
    '0-1023/2048',
    '0-1023/*',
    ' 0-1023',
    '0-1023 ',
    '0 - 1023',
    '0-1023\n',
    '+0-1',
    '0x0-0x1',
    '0-1e3',
    '0-1,2-3',
    '0-9007199254740992',
    `0-${'9'.repeat(400)}`,
    '٠-١',
  ])('rejects %j', (header) => {
    const error = rejectionOf('RANGE_INVALID', () => parseContentRange(header));
    expect(error.detail).toEqual({ contentRange: header.slice(0, 200) });
  });

  test('throws nothing but a RegistryError, whatever the header', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('0', '1', '9', '-', ' ', '/', 'e') }), (header) => {
        const error = errorOf(() => parseContentRange(header));
        if (error !== undefined) expect(error).toBeInstanceOf(RegistryError);
      }),
    );
  });
});
