import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextPageToken, numericCursor, pageCursor, pageLimit, pageOf } from './page.ts';

const ask = (pageToken: string, pageSize = 0) => ({ pageToken, pageSize });
const invalid = expect.objectContaining({ code: 'PARAMETER_INVALID' });

describe('pageLimit', () => {
  test.each([
    [0, 100],
    [1, 1],
    [1000, 1000],
    [1001, 1000],
    [2 ** 31 - 1, 1000],
  ])('takes %i for %i items', (pageSize, limit) => {
    expect(pageLimit(ask('', pageSize))).toBe(limit);
  });

  test.each([-1, -(2 ** 31)])('refuses %i', (pageSize) => {
    expect(() => pageLimit(ask('', pageSize))).toThrow(invalid);
  });
});

describe('a page token', () => {
  test('is empty at the end, and asks for the first page when it is', () => {
    expect(nextPageToken(false, 'latest')).toBe('');
    expect(nextPageToken(true, undefined)).toBe('');
    expect(pageCursor(ask(''))).toBeUndefined();
    expect(pageOf(ask('', 5))).toEqual({ limit: 5 });
  });

  test('leads back to the item that it was made of', () => {
    const printable = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 128 });
    const cursors = printable.filter((text) => text.isWellFormed() && !/\p{Cc}/u.test(text));
    fc.assert(
      fc.property(cursors, (cursor) => {
        const pageToken = nextPageToken(true, cursor);
        expect(pageToken).toMatch(/^[A-Za-z0-9_-]+$/);
        fc.pre(pageToken.length <= 700);
        expect(pageOf(ask(pageToken, 7))).toEqual({ limit: 7, after: cursor });
      }),
    );
  });

  test('of a number leads back to the number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 ** 15 - 1 }), (id) => {
        expect(numericCursor(ask(nextPageToken(true, id)))).toBe(id);
      }),
    );
    expect(numericCursor(ask(''))).toBeUndefined();
  });

  test.each([
    ['another alphabet', 'team/app'],
    ['padding', 'YQ=='],
    ['spare bits', 'YR'],
    ['one character', 'Y'],
    ['bytes that are no text', '_-8'],
    ['a control character', Buffer.from('a\nb').toString('base64url')],
    ['more than any item has', 'YWFh'.repeat(200)],
  ])('is refused with %s', (_name, pageToken) => {
    expect(() => pageCursor(ask(pageToken))).toThrow(invalid);
    expect(() => numericCursor(ask(pageToken))).toThrow(invalid);
  });

  test.each(['latest', '0', '-1', '1.5', '01', '1e3', '9'.repeat(16)])('of %s is no token of a number', (cursor) => {
    expect(() => numericCursor(ask(nextPageToken(true, cursor)))).toThrow(invalid);
  });
});
