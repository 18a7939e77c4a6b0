import { describe, expect, test } from 'vitest';
import { formatChallenge } from './challenge.ts';

describe('formatChallenge', () => {
  const realm = 'https://registry.example.net/v2/token';

  test('is one Bearer challenge with quoted parameters', () => {
    expect(formatChallenge({ realm, service: 'mcr' })).toBe(`Bearer realm="${realm}",service="mcr"`);
  });

  test('has scope and error where there are some, in this order', () => {
    expect(formatChallenge({ realm, service: 'mcr', scope: 'repository:a/b:pull,push', error: 'invalid_token' })).toBe(
      `Bearer realm="${realm}",service="mcr",scope="repository:a/b:pull,push",error="invalid_token"`,
    );
  });

  test('never has an empty scope', () => {
    expect(formatChallenge({ realm, service: 'mcr', error: 'invalid_token' })).not.toContain('scope');
  });
});
