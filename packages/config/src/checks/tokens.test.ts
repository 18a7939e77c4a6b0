import { describe, expect, test } from 'vitest';
import { checkTokens } from './tokens.ts';

const none = new Set<string>();

describe('checkTokens', () => {
  test('accepts a default lifetime that is allowed', () => {
    expect(checkTokens({ defaultTtl: 1, maxTtl: 1 }, none)).toEqual([]);
    expect(checkTokens({}, none)).toEqual([]);
  });

  test('rejects a default lifetime that is longer than the longest', () => {
    const problem = { key: 'tokens.default_ttl', message: expect.stringMatching(/^is longer than tokens\.max_ttl; /) };
    expect(checkTokens({ defaultTtl: 2, maxTtl: 1 }, none)).toEqual([problem]);
  });

  test('says nothing about a lifetime that is reported already', () => {
    expect(checkTokens({ defaultTtl: 2, maxTtl: 1 }, new Set(['tokens.default_ttl']))).toEqual([]);
  });
});
