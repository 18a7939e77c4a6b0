import { expect, test } from 'vitest';
import { isBearerToken } from './tokens.ts';

test.each(['a', 'a.b.c', 'AZaz09-._~+/', 'abc==', 'x'.repeat(8192)])('accepts %s', (text) => {
  expect(isBearerToken(text)).toBe(true);
});

test.each(['', ' ', 'a b', 'a\n', '\na', '=', '=a', 'a=b', 'a,b', 'a"', 'é', '\0', 'x'.repeat(8193)])(
  'rejects %j',
  (text) => {
    expect(isBearerToken(text)).toBe(false);
  },
);
