import { expect, test } from 'vitest';
import { checkPassword, hashesAtOnce, hashPassword, unmatchableHash, verifyPassword } from './password.ts';

const parametersOf = (hash: string) => hash.split('$').slice(0, 4);

test('a password matches its hash, and another one does not', async () => {
  const hash = await hashPassword('correct horse');
  expect(await verifyPassword('correct horse', hash)).toBe(true);
  expect(await verifyPassword('correct horsf', hash)).toBe(false);
  expect(await verifyPassword('', hash)).toBe(false);
});

test('a hash is argon2id of 46 MiB and one pass with its own salt', async () => {
  const [first, second] = [await hashPassword('correct horse'), await hashPassword('correct horse')];
  expect(first).toMatch(/^\$argon2id\$v=19\$m=47104,t=1,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(first).not.toBe(second);
});

test('the placeholder for unknown accounts costs as much as a real hash', async () => {
  expect(parametersOf(unmatchableHash)).toEqual(parametersOf(await hashPassword('correct horse')));
});

test('a hash of the reference implementation verifies', async () => {
  const hash = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  expect(await verifyPassword('password', hash)).toBe(true);
  expect(await verifyPassword('Password', hash)).toBe(false);
});

test('an accented letter is the same in every encoding', async () => {
  const hash = await hashPassword('caf\u00e9 noir');
  expect(await verifyPassword('cafe\u0301 noir', hash)).toBe(true);
});

test.each(['', 'plain text', '$argon2id$v=19$m=1,t=1,p=1$AAAA$AAAA'])(
  'no password matches the hash %j',
  async (hash) => {
    expect(await verifyPassword('plain text', hash)).toBe(false);
  },
);

test.each([8, 9, 256])('a password of %i characters is accepted', (length) => {
  expect(() => checkPassword('p'.repeat(length))).not.toThrow();
  expect(() => checkPassword('🐎'.repeat(length))).not.toThrow();
  expect(() => checkPassword('\n'.repeat(length))).not.toThrow();
});

test.each([0, 1, 7, 257, 1_000_000])('a password of %i characters is rejected', async (length) => {
  const rejection = { code: 'PARAMETER_INVALID', message: 'The password must have 8 to 256 characters' };
  expect(() => checkPassword('p'.repeat(length))).toThrow(expect.objectContaining(rejection));
  expect(() => checkPassword('🐎'.repeat(length))).toThrow(expect.objectContaining(rejection));
  await expect(hashPassword('p'.repeat(length))).rejects.toMatchObject(rejection);
});

test.each([
  [1, 1],
  [2, 1],
  [4, 3],
  [5, 4],
  [64, 4],
])('of %i cores, %i hash passwords at once', (cores, hashes) => {
  expect(hashesAtOnce(cores)).toBe(hashes);
});
