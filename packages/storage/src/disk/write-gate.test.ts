import { RegistryError } from '@mcr/core';
import { expect, test } from 'vitest';
import { WriteGate } from './write-gate.ts';

const failing = (code: string) => async (): Promise<never> => {
  throw Object.assign(new Error('write'), { code });
};

test.each([
  ['ENOSPC', 'NO_SPACE', 'no space left'],
  ['EDQUOT', 'NO_SPACE', 'no space left'],
  ['EROFS', 'UNAVAILABLE', 'read-only'],
  ['EIO', 'UNAVAILABLE', 'disk of the storage failed'],
  ['EMFILE', 'UNAVAILABLE', 'too many files open'],
  ['ENFILE', 'UNAVAILABLE', 'too many files open'],
])('a write that fails with %s is reported as %s, and the next one is let through', async (errno, code, message) => {
  const gate = new WriteGate(() => {});
  const rejection = await gate.run(failing(errno)).catch((error: unknown) => error);
  expect(rejection).toBeInstanceOf(RegistryError);
  expect(rejection).toMatchObject({ code, message: expect.stringContaining(message) });
  expect(await gate.run(async () => 'written')).toBe('written');
});

test('any other failure of a write stays what it is', async () => {
  const gate = new WriteGate(() => {});
  await expect(gate.run(failing('EACCES'))).rejects.toMatchObject({ code: 'EACCES' });
});
