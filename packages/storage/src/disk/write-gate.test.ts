import { RegistryError } from '@mcr/core';
import { expect, test } from 'vitest';
import { WriteGate } from './write-gate.ts';

const failing = (code: string) => async (): Promise<never> => {
  throw Object.assign(new Error('write'), { code });
};

test.each(['ENOSPC', 'EDQUOT'])(
  'a write that fails with %s is refused as unavailable, and the next one is let through',
  async (code) => {
    const gate = new WriteGate(() => {});
    const refusal = await gate.run(failing(code)).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(RegistryError);
    expect(refusal).toMatchObject({ code: 'UNAVAILABLE', message: expect.stringContaining('no space left') });
    expect(await gate.run(async () => 'written')).toBe('written');
  },
);

test('any other failure of a write stays what it is', async () => {
  const gate = new WriteGate(() => {});
  await expect(gate.run(failing('EACCES'))).rejects.toMatchObject({ code: 'EACCES' });
});
