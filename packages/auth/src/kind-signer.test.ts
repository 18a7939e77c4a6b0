import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { KindSigner } from './kind-signer.ts';

const now = Date.UTC(2030, 0, 1);
const { privateKey } = generateKeyPairSync('ed25519');
const signer = new KindSigner(privateKey, 'registry', 'mcr-person+jwt');
const invalid = { code: 'UNAUTHORIZED' };

test('a token has one spelling: its signature with other spare bits at the end is rejected', async () => {
  const { token } = await signer.sign({ subject: 'ann', claims: {} }, now, 60_000);
  expect((await signer.verify(token, now)).subject).toBe('ann');
  const spellings = ['A', 'B', 'C', 'D', 'g', 'h', 'w', 'x', 'Q', 'R'].map((last) => token.slice(0, -1) + last);
  for (const other of spellings.filter((spelling) => spelling !== token)) {
    await expect(signer.verify(other, now), other).rejects.toMatchObject(invalid);
  }
});

test('a token of one kind is none of another', async () => {
  const { token } = await signer.sign({ subject: 'ann', claims: {} }, now, 60_000);
  const other = new KindSigner(privateKey, 'registry', 'mcr-workload+jwt');
  expect([signer.claims(token), other.claims(token)]).toEqual([true, false]);
  await expect(other.verify(token, now)).rejects.toMatchObject(invalid);
});

test.each([0, 300, 999])(
  'a token whose life ends at a given moment ends in its second, signed %i ms past a second',
  async (past) => {
    const end = now + 5_700;
    const { token, expiresAt } = await signer.sign({ subject: 'ann', claims: {} }, now + past, end - now - past);
    expect(expiresAt).toBe(now + 5_000);
    expect((await signer.verify(token, now + 4_999)).expiresAt).toBe(now + 5_000);
    await expect(signer.verify(token, now + 5_000)).rejects.toMatchObject(invalid);
  },
);
