import { describe, expect, test } from 'vitest';
import { isAccountName, isAdmin, type Principal } from './principal.ts';

function principal(...roles: string[]): Principal {
  return { id: 'a', username: 'ann', accountType: 'human', roles };
}

describe('isAdmin', () => {
  test('is true for the role admin, alone or among others', () => {
    expect(isAdmin(principal('admin'))).toBe(true);
    expect(isAdmin(principal('user', 'admin'))).toBe(true);
  });

  test.each([[[]], [['user']], [['Admin']], [['administrator']]])('is false for the roles %j', (roles) => {
    expect(isAdmin(principal(...roles))).toBe(false);
  });
});

describe('isAccountName', () => {
  test.each(['a', '0', 'ann', 'ci-bot', 'ci_bot.2', 'a'.repeat(64)])('accepts %s', (name) => {
    expect(isAccountName(name)).toBe(true);
  });

  test.each(['', 'Ann', '-a', '.a', '_a', 'a b', 'a:b', 'a/b', 'a@b', 'ä', 'a\n', 'a\0', 'a'.repeat(65)])(
    'rejects %j',
    (name) => {
      expect(isAccountName(name)).toBe(false);
    },
  );
});
