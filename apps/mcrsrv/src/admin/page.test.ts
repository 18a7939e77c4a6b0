import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextPageToken, numericCursor, pageOf, queryPage } from './page.ts';

const invalid = expect.objectContaining({ code: 'PARAMETER_INVALID' });

describe('the page of a message', () => {
  test.each([
    [0, 100],
    [1, 1],
    [1000, 1000],
    [1001, 1000],
    [2 ** 31 - 1, 1000],
  ])('of the size %i has %i items', (pageSize, limit) => {
    expect(pageOf({ pageSize, pageToken: '' })).toEqual({ limit, parameter: 'page_token' });
  });

  test.each([-1, -(2 ** 31)])('is rejected with the size %i', (pageSize) => {
    expect(() => pageOf({ pageSize })).toThrow(invalid);
  });
});

describe('the page of a query', () => {
  const page = (query: Record<string, string>) =>
    queryPage(new Map(Object.entries(query)), { cursor: 'before', size: 20 });

  test.each([
    [{}, { limit: 20 }],
    [{ n: '0' }, { limit: 0 }],
    [
      { n: '5000', before: 'x' },
      { limit: 1000, after: 'x' },
    ],
    [{ last: 'x' }, { limit: 20 }],
  ])('%j is %j', (query, expected) => {
    expect(page(query)).toEqual({ ...expected, parameter: 'before' });
  });

  test.each([{ n: '-1' }, { n: 'x' }, { n: '' }, { before: 'x'.repeat(513) }])('is rejected for %j', (query) => {
    expect(() => page(query)).toThrow(invalid);
  });
});

describe('a page token', () => {
  test('is empty at the end', () => {
    expect(nextPageToken(false, 'latest')).toBe('');
    expect(nextPageToken(true, undefined)).toBe('');
  });

  test('leads back to the item that it was made of', () => {
    const printable = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 128 });
    const cursors = printable.filter((text) => text.isWellFormed() && !/\p{Cc}/u.test(text));
    fc.assert(
      fc.property(cursors, (cursor) => {
        const pageToken = nextPageToken(true, cursor);
        expect(pageToken).toMatch(/^[A-Za-z0-9_-]+$/);
        fc.pre(pageToken.length <= 700);
        expect(pageOf({ pageToken, pageSize: 7 })).toEqual({ limit: 7, after: cursor, parameter: 'page_token' });
      }),
    );
  });

  test('of a number leads back to the number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 15 - 1 }), (id) => {
        expect(numericCursor(pageOf({ pageToken: nextPageToken(true, id) }))).toBe(id);
      }),
    );
    expect(numericCursor(pageOf({}))).toBeUndefined();
  });

  test.each([
    ['another alphabet', 'team/app'],
    ['padding', 'YQ=='],
    ['spare bits', 'YR'],
    ['one character', 'Y'],
    ['bytes that are no text', '_-8'],
    ['a control character', Buffer.from('a\nb').toString('base64url')],
    ['more than any item has', 'YWFh'.repeat(200)],
  ])('is rejected with %s', (_name, pageToken) => {
    expect(() => pageOf({ pageToken })).toThrow(invalid);
  });

  test.each(['latest', '', '-1', '1.5', '1e3', '9'.repeat(16)])('of "%s" is no token of a number', (cursor) => {
    expect(() => numericCursor({ limit: 1, after: cursor, parameter: 'before' })).toThrow(
      expect.objectContaining({ code: 'PARAMETER_INVALID', message: expect.stringContaining('before: ') }),
    );
  });
});
