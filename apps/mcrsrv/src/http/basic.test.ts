import { RegistryError } from '@mcr/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseBasic } from './basic.ts';

const encode = (text: string): string => Buffer.from(text).toString('base64');

describe('parseBasic', () => {
  test.each([
    ['admin:secret', 'admin', 'secret'],
    ['admin:with:colons:', 'admin', 'with:colons:'],
    ['admin:', 'admin', ''],
    ['ünïcödé:pässwörd', 'ünïcödé', 'pässwörd'],
    ['a: spaces ', 'a', ' spaces '],
  ])('reads %j', (text, username, password) => {
    expect(parseBasic(`Basic ${encode(text)}`)).toEqual({ username, password });
  });

  test.each(['basic', 'BASIC', 'Basic '])('reads the scheme %j', (scheme) => {
    expect(parseBasic(`${scheme} ${encode('a:b')}`).username).toBe('a');
  });

  test.each([
    undefined,
    '',
    'Basic',
    'Basic ',
    'Bearer YTpi',
    'Basic !!!',
    `Basic ${encode('nocolon')}`,
    `Basic ${encode(':x')}`,
  ])('rejects %j as missing credentials', (header) => {
    expect(() => parseBasic(header)).toThrow(
      expect.objectContaining({ code: 'UNAUTHORIZED', detail: { error: 'credentials_missing' } }),
    );
  });

  test('reads back whatever was encoded', () => {
    const unit = fc.constantFrom('a', 'Z', '0', ' ', '"', '%', '\0', '\n', 'é', 'e\u0301', '漢', '🐳');
    const name = fc.string({ unit, minLength: 1 });
    const word = fc.string({ unit: fc.oneof(unit, fc.constant(':')) });
    fc.assert(
      fc.property(name, word, (username, password) => {
        expect(parseBasic(`Basic ${encode(`${username}:${password}`)}`)).toEqual({ username, password });
      }),
    );
  });

  test('throws nothing but its own error', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String().map((text) => `Basic ${text}`),
        ),
        (header) => {
          try {
            expect(parseBasic(header).username).not.toBe('');
          } catch (error) {
            expect(error).toBeInstanceOf(RegistryError);
          }
        },
      ),
    );
  });
});
