import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IdentityProvider } from '../identity-provider.ts';
import type { ManualClock } from './manual-clock.ts';

/**
 * A provider under test with one human account, `ann` with the id `id-of-ann`, password `correct horse` and role
 * `user`.
 */
export interface ProviderUnderTest {
  readonly provider: IdentityProvider;
  readonly clock: ManualClock;
  close(): Promise<void>;
}

const hour = 60 * 60 * 1000;

/** The behavior that every identity provider must have. */
export function describeIdentityProvider(name: string, make: () => Promise<ProviderUnderTest>): void {
  describe(`${name} is an identity provider`, () => {
    let subject: ProviderUnderTest;
    const login = () => subject.provider.login('ann', 'correct horse');
    const validate = (token: string) => subject.provider.validate(token);

    beforeAll(async () => {
      subject = await make();
    });
    afterAll(() => subject.close());

    test('a login returns a token that names the account', async () => {
      const { token, issuedAt, expiresAt } = await login();
      expect(issuedAt).toBe(subject.clock.now());
      const { validation, ...validated } = await validate(token);
      expect(validated).toEqual({
        principal: { id: 'id-of-ann', username: 'ann', accountType: 'human', roles: ['user'] },
        expiresAt,
      });
      if (validation !== undefined) expect(validation.freshUntil).toBeLessThanOrEqual(expiresAt);
    });

    test('the reported lifetime is at least 900 whole seconds, and ends before the token does', async () => {
      const { issuedAt, expiresAt, expiresIn } = await login();
      expect(Number.isInteger(expiresIn)).toBe(true);
      expect(expiresIn).toBeGreaterThanOrEqual(900);
      expect(issuedAt + expiresIn * 1000).toBeLessThan(expiresAt);
    });

    test('a token fits into a header: at most 1 KiB of the characters of RFC 6750', async () => {
      expect((await login()).token).toMatch(/^[A-Za-z0-9._~+/-]{1,1024}=*$/);
    });

    test.each([
      ['a wrong password', 'ann', 'wrong horse'],
      ['a password that differs in case', 'ann', 'Correct Horse'],
      ['an empty password', 'ann', ''],
      ['an unknown name', 'bob', 'correct horse'],
      ['an empty name', '', 'correct horse'],
      ['a name of another case', 'Ann', 'correct horse'],
      ['a name with a line break', 'ann\n', 'correct horse'],
      ['a name that is part of a prototype', '__proto__', 'correct horse'],
    ])('%s is rejected with the same error', async (_what, username, password) => {
      await expect(subject.provider.login(username, password)).rejects.toMatchObject({
        code: 'UNAUTHORIZED',
        message: 'The username or the password is wrong',
      });
    });

    test.each([
      ['empty', ''],
      ['unknown', 'no-such-token'],
      ['of three parts', 'a.b.c'],
      ['with a line break', 'abc\r\nX-Injected: 1'],
      ['with characters outside ASCII', 'tökén'],
      ['of 100 kB', 'a'.repeat(100_000)],
    ])('a token that is %s is rejected', async (_what, token) => {
      await expect(validate(token)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    });

    test('a revoked token is rejected, and another one of the same account remains valid', async () => {
      const [first, second] = [await login(), await login()];
      await validate(first.token);
      await subject.provider.revoke(first.token);
      await expect(validate(first.token)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
      expect((await validate(second.token)).principal.username).toBe('ann');
    });

    test('revoking a token twice, or an invalid one, is not an error', async () => {
      const { token } = await login();
      await subject.provider.revoke(token);
      await subject.provider.revoke(token);
      await subject.provider.revoke('no-such-token');
      await subject.provider.revoke('not even\na token');
    });

    test('a token is accepted until it expires, and then rejected', async () => {
      const { token, expiresAt } = await login();
      subject.clock.advance(expiresAt - subject.clock.now() - 1);
      expect((await validate(token)).principal.username).toBe('ann');
      subject.clock.advance(1);
      await expect(validate(token)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
      subject.clock.advance(hour);
      await expect(validate(token)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    });
  });
}
