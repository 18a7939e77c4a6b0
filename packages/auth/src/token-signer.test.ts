import { createHmac, generateKeyPairSync, randomUUID, sign as signBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { exportJWK, type JWTHeaderParameters, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { TokenSigner } from './token-signer.ts';

const now = Date.UTC(2030, 0, 1, 12);
const seconds = now / 1000;
const own = generateKeyPairSync('ed25519');
const foreign = generateKeyPairSync('ed25519');
const signer = new TokenSigner(own.privateKey, 'registry');
const invalid = { code: 'UNAUTHORIZED', message: 'The token is invalid, expired or revoked; log in again' };
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

const claims = (patch: Record<string, unknown> = {}): JWTPayload => ({
  iss: 'mcr',
  aud: 'registry',
  sub: 'id-of-ann',
  jti: randomUUID(),
  iat: seconds,
  exp: seconds + 60,
  ...patch,
});

function signed(payload: JWTPayload, header: Partial<JWTHeaderParameters> = {}, key = own.privateKey): Promise<string> {
  return new SignJWT(payload).setProtectedHeader({ alg: 'EdDSA', typ: 'JWT', ...header }).sign(key);
}

async function rejected(token: string): Promise<void> {
  await expect(signer.verify(token, now)).rejects.toMatchObject(invalid);
}

test('a token names its account, lasts 8 hours and is accepted 15 minutes longer', async () => {
  const { token, issuedAt, expiresAt, expiresIn } = await signer.sign('id-of-ann', 'mark', now);
  expect({ issuedAt, expiresAt, expiresIn }).toEqual({
    issuedAt: now,
    expiresAt: now + 8.25 * 60 * 60 * 1000,
    expiresIn: 8 * 60 * 60,
  });
  expect(await signer.verify(token, expiresAt - 1)).toEqual({
    subject: 'id-of-ann',
    tokenId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    expiresAt,
    passwordMark: 'mark',
  });
  await expect(signer.verify(token, expiresAt)).rejects.toMatchObject(invalid);
});

test('a token contains no roles, scopes or names', async () => {
  const { token } = await signer.sign('id-of-ann', 'mark', now);
  const [header, payload] = token.split('.').map((part) => Buffer.from(part, 'base64url').toString());
  expect(JSON.parse(header ?? '')).toEqual({ alg: 'EdDSA', typ: 'JWT' });
  expect(Object.keys(JSON.parse(payload ?? '')).sort()).toEqual(['aud', 'exp', 'iat', 'iss', 'jti', 'pwd', 'sub']);
});

test('the forgeries below fail for what is forged: the same token, well made, is good', async () => {
  expect((await signer.verify(await signed(claims()), now)).subject).toBe('id-of-ann');
});

describe('a forged token is rejected', () => {
  let foreignJwk: Awaited<ReturnType<typeof exportJWK>>;
  beforeAll(async () => {
    foreignJwk = await exportJWK(foreign.publicKey);
  });

  test('with the algorithm none', async () => {
    await rejected(new UnsecuredJWT(claims()).encode());
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '']) {
      await rejected(`${encode({ alg, typ: 'JWT' })}.${encode(claims())}.`);
      await rejected(`${encode({ alg, typ: 'JWT' })}.${encode(claims())}`);
    }
  });

  test('with a foreign key', async () => rejected(await signed(claims(), {}, foreign.privateKey)));

  test('with a foreign key included as jwk', async () => {
    await rejected(await signed(claims(), { jwk: foreignJwk }, foreign.privateKey));
  });

  test.each([
    { kid: '../../../../dev/null' },
    { kid: 'https://127.0.0.1/key' },
    { jku: 'https://127.0.0.1/jwks.json' },
    { x5u: 'https://127.0.0.1/cert.pem' },
    { x5c: ['MIIB'] },
  ])('with a reference to a foreign key: %o', async (header) => {
    await rejected(await signed(claims(), header, foreign.privateKey));
  });

  test('with HS256 and our public key as the secret', async () => {
    const secrets = [
      own.publicKey.export({ type: 'spki', format: 'pem' }),
      own.publicKey.export({ type: 'spki', format: 'der' }),
      Buffer.from(own.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url'),
    ];
    for (const secret of secrets) {
      const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims())}`;
      await rejected(`${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`);
    }
  });

  test('with ES256 and a signature of zeros', async () => {
    const zeros = Buffer.alloc(64).toString('base64url');
    await rejected(`${encode({ alg: 'ES256', typ: 'JWT' })}.${encode(claims())}.${zeros}`);
    await rejected(`${encode({ alg: 'EdDSA', typ: 'JWT' })}.${encode(claims())}.${zeros}`);
  });

  test('with our key but an algorithm name of another family', async () => {
    const content = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims())}`;
    await rejected(`${content}.${signBytes(null, Buffer.from(content), own.privateKey).toString('base64url')}`);
  });

  test('with other claims under the signature of a good token', async () => {
    const [header, , signature] = (await signed(claims())).split('.');
    await rejected(`${header}.${encode(claims({ sub: 'id-of-admin' }))}.${signature}`);
  });

  test('with an extension marked as critical', async () => {
    const content = `${encode({ alg: 'EdDSA', typ: 'JWT', crit: ['x'], x: 1 })}.${encode(claims())}`;
    await rejected(`${content}.${signBytes(null, Buffer.from(content), own.privateKey).toString('base64url')}`);
  });
});

test.each([
  ['another issuer', claims({ iss: 'someone' })],
  ['no issuer', claims({ iss: undefined })],
  ['another audience', claims({ aud: 'other-registry' })],
  ['no audience', claims({ aud: undefined })],
  ['an end that has come', claims({ exp: seconds })],
  ['no end', claims({ exp: undefined })],
  ['a beginning that has not come', claims({ nbf: seconds + 1 })],
  ['no id', claims({ jti: undefined })],
  ['no subject', claims({ sub: undefined })],
  ['no time of issue', claims({ iat: undefined })],
])('a token with %s is rejected although it has our signature', async (_what, payload) => {
  await rejected(await signed(payload));
});

test('a token of another type is rejected although it has our signature', async () => {
  await rejected(await signed(claims(), { typ: 'at+jwt' }));
});

test('a token has one spelling: every change of one character makes it worthless', async () => {
  const { token } = await signer.sign('id-of-ann', 'mark', now);
  const change = fc.tuple(
    fc.nat(token.length - 1),
    fc.constantFrom('A', 'B', 'Y', 'Z', 'a', 'b', 'y', 'z', '0', '9', '-', '_', '.'),
  );
  await fc.assert(
    fc.asyncProperty(change, async ([at, character]) => {
      fc.pre(token[at] !== character);
      const changed = token.slice(0, at) + character + token.slice(at + 1);
      await rejected(changed);
    }),
  );
  const last = token.at(-1) ?? '';
  for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.replace(last, '')) {
    await rejected(token.slice(0, -1) + character);
  }
});

test('garbage is rejected, and never causes another error', async () => {
  const part = fc.oneof(
    fc.base64String(),
    fc.string(),
    fc.json().map((text) => Buffer.from(text).toString('base64url')),
  );
  const garbage = fc.oneof(
    fc.string(),
    fc.tuple(part, part, part).map((parts) => parts.join('.')),
  );
  await fc.assert(fc.asyncProperty(garbage, rejected));
});

test('a token of 100 kB is rejected', async () => {
  await rejected(await signed(claims({ x: 'x'.repeat(100_000) })));
});
