import { execFileSync } from 'node:child_process';
import { constants } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RegistryError } from '@mcr/core';
import { expect, test } from 'vitest';
import { openDescriptor } from './descriptor.ts';
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

test('an fsync that fails is reported once and stops all writes, also those under way', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'mcr-gate-'));
  try {
    // A pipe can be opened, but cannot be synced.
    const pipe = join(directory, 'pipe');
    execFileSync('mkfifo', [pipe]);
    await using file = await openDescriptor(pipe, constants.O_RDWR);
    const reported: Error[] = [];
    const gate = new WriteGate((error) => reported.push(error));
    const held = Promise.withResolvers<void>();
    const underWay = gate.run(() => held.promise.then(() => gate.syncDirectory(directory)));
    const failing = () => gate.run(() => gate.syncData(file.fd)).catch((error: unknown) => error);
    const [fatal, fatalToo] = await Promise.all([failing(), failing()]);
    expect(fatal).toMatchObject({ code: 'UNAVAILABLE', cause: { code: 'EINVAL', syscall: 'fdatasync' } });
    expect(fatalToo).toBe(fatal);
    expect(reported).toEqual([fatal]);
    held.resolve();
    await expect(underWay).rejects.toBe(fatal);
    await expect(gate.run(async () => 'written')).rejects.toBe(fatal);
    expect(reported).toHaveLength(1);
  } finally {
    await rm(directory, { recursive: true });
  }
});
