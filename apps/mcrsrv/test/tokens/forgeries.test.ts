import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { challengeOf } from '../_util/challenge.ts';
import { expectError } from '../_util/errors.ts';
import { eddsa, hmac, jwt } from '../_util/jwt.ts';
import { failuresOf } from '../_util/log.ts';
import { leavingNothing } from '../_util/traces.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
const header = { alg: 'EdDSA', typ: 'JWT' };
let key: KeyObject;
let publicKey: KeyObject;
let admin: string;
let fetched = 0;
let elsewhere: Server;

beforeAll(async () => {
  key = createPrivateKey(await readFile(join(server().directory, 'signing-key.pem')));
  publicKey = createPublicKey(key);
  admin = (await server().context.services.store.accounts.findByName('admin'))!.id;
  elsewhere = createServer((_, response) => {
    fetched += 1;
    response.end(JSON.stringify({ keys: [publicKey.export({ format: 'jwk' })] }));
  });
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve));
});

afterAll(() => {
  elsewhere.close();
  expect(fetched, 'no URL in a token was asked').toBe(0);
  expect(failuresOf(server())).toEqual([]);
});

function claims(changes: object = {}): object {
  const now = Math.floor(Date.now() / 1_000);
  return { iss: 'mcr', aud: 'mcr', sub: admin, jti: randomUUID(), iat: now, exp: now + 3_600, ...changes };
}

const show = (token: string) =>
  server().admin.request('GET', '/v2/app/tags/list', { authorization: `Bearer ${token}` });
const good = () => jwt(header, claims(), eddsa(key));
const attacker = generateKeyPairSync('ed25519');
const url = () => `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/jwks.json`;

test('a token made by hand as the registry makes them is accepted, so the others are rejected for what is wrong with them', async () => {
  expectError(await show(good()), 404, 'NAME_UNKNOWN');
});

/** Each is 401 invalid_token, for a request that changes something as well, and leaves nothing. */
const forgeries: Record<string, () => string> = {
  'alg none without a signature': () => jwt({ alg: 'none', typ: 'JWT' }, claims(), () => ''),
  'alg None': () => jwt({ alg: 'None', typ: 'JWT' }, claims(), () => ''),
  'alg none with a good signature': () => jwt({ alg: 'none', typ: 'JWT' }, claims(), eddsa(key)),
  'no alg': () => jwt({ typ: 'JWT' }, claims(), eddsa(key)),
  'a foreign jwk in the header': () =>
    jwt({ ...header, jwk: attacker.publicKey.export({ format: 'jwk' }) }, claims(), eddsa(attacker.privateKey)),
  'a foreign jwk and a trusted kid': () =>
    jwt(
      { ...header, kid: 'mcr', jwk: attacker.publicKey.export({ format: 'jwk' }) },
      claims(),
      eddsa(attacker.privateKey),
    ),
  'a jku': () => jwt({ ...header, jku: url() }, claims(), eddsa(attacker.privateKey)),
  'an x5u': () => jwt({ ...header, x5u: url() }, claims(), eddsa(attacker.privateKey)),
  'an x5c': () => jwt({ ...header, x5c: ['MIIB'] }, claims(), eddsa(attacker.privateKey)),
  'a kid that is a path': () => jwt({ ...header, kid: '../../../../dev/null' }, claims(), hmac('')),
  'two kids': () => jwt('{"alg":"EdDSA","typ":"JWT","kid":"a","kid":"b"}', claims(), eddsa(attacker.privateKey)),
  'HS256 with the public key as PEM': () =>
    jwt({ alg: 'HS256', typ: 'JWT' }, claims(), hmac(publicKey.export({ type: 'spki', format: 'pem' }))),
  'HS256 with the public key as DER': () =>
    jwt({ alg: 'HS256', typ: 'JWT' }, claims(), hmac(publicKey.export({ type: 'spki', format: 'der' }))),
  'HS256 with the raw public key': () =>
    jwt({ alg: 'HS256', typ: 'JWT' }, claims(), hmac(Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url'))),
  'HS512 with an empty secret': () => jwt({ alg: 'HS512', typ: 'JWT' }, claims(), hmac('', 'sha512')),
  'ES256 with r = s = 0': () => jwt({ alg: 'ES256', typ: 'JWT' }, claims(), () => Buffer.alloc(64)),
  'a signature of zeros': () => jwt(header, claims(), () => Buffer.alloc(64)),
  'no signature': () => jwt(header, claims(), () => ''),
  'the key of another registry': () => jwt(header, claims(), eddsa(attacker.privateKey)),
  'a signature of something else': () => jwt(header, claims(), () => sign(null, Buffer.from('x'), key)),
  'an end in the past': () => jwt(header, claims({ exp: Math.floor(Date.now() / 1_000) - 1 }), eddsa(key)),
  'a beginning in the future': () => jwt(header, claims({ nbf: Math.floor(Date.now() / 1_000) + 600 }), eddsa(key)),
  'no end': () => jwt(header, claims({ exp: undefined }), eddsa(key)),
  'an end in quotes': () => jwt(header, claims({ exp: '99999999999' }), eddsa(key)),
  'another audience': () => jwt(header, claims({ aud: 'another' }), eddsa(key)),
  'no audience': () => jwt(header, claims({ aud: undefined }), eddsa(key)),
  'another issuer': () => jwt(header, claims({ iss: 'another' }), eddsa(key)),
  'an unknown account': () => jwt(header, claims({ sub: randomUUID() }), eddsa(key)),
  'an account that is a pattern': () => jwt(header, claims({ sub: '%' }), eddsa(key)),
  'a subject that is a list': () => jwt(header, claims({ sub: [admin] }), eddsa(key)),
  'no subject': () => jwt(header, claims({ sub: undefined }), eddsa(key)),
  'no id': () => jwt(header, claims({ jti: undefined }), eddsa(key)),
  'another type of token': () => jwt({ ...header, typ: 'at+jwt' }, claims(), eddsa(key)),
  'a critical extension': () => jwt({ ...header, crit: ['exp'] }, claims(), eddsa(key)),
  'an unencoded payload': () => jwt({ ...header, b64: false, crit: ['b64'] }, claims(), eddsa(key)),
  'claims that are no JSON': () => jwt(header, 'x', eddsa(key)),
  'claims that are a list': () => jwt(header, '[]', eddsa(key)),
  'claims that were changed': () => {
    const [head, , signature] = good().split('.');
    return `${head}.${Buffer.from(JSON.stringify(claims({ jti: 'changed' }))).toString('base64url')}.${signature}`;
  },
  'another spelling of the signature': () => {
    const token = good();
    const last = token.at(-1)!;
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    return token.slice(0, -1) + alphabet[alphabet.indexOf(last) ^ 1]!;
  },
  padding: () => `${good()}=`,
  'a fourth part': () => `${good()}.x`,
  'five parts': () => `${good()}.x.y`,
  'dots alone': () => '..',
  garbage: () => 'garbage',
  UUID: () => randomUUID(),
  'eight thousand characters': () => 'x'.repeat(8_000),
  'ten thousand characters': () => 'x'.repeat(10_000),
};

describe('CVE-2025-24976: a token is 401 invalid_token and leaves nothing when it has', () => {
  test.each(Object.entries(forgeries))('%s', async (_, forge) => {
    const authorization = `Bearer ${forge()}`;
    await leavingNothing(server(), async () => {
      for (const response of [
        await server().admin.request('GET', '/v2/', { authorization }),
        await server().admin.request('GET', '/v2/app/tags/list', { authorization }),
        await server().admin.startUpload('app', undefined, { authorization }),
        await server().admin.request('PUT', '/v2/app/manifests/v1', { authorization, body: '{}' }),
      ]) {
        expectError(response, 401, 'UNAUTHORIZED');
        expect(challengeOf(response)).toHaveProperty('error', 'invalid_token');
      }
    });
  });
});

describe('an Authorization header', () => {
  test.each([
    ['of another scheme', () => `Token ${good()}`],
    ['without a scheme', good],
    ['without a token', () => 'Bearer'],
    ['with two tokens', () => `Bearer ${good()} ${good()}`],
    ['with two tokens and a comma', () => `Bearer ${good()}, Bearer ${good()}`],
    ['with quotes', () => `Bearer "${good()}"`],
    ['with a tab', () => `Bearer\t${good()}`],
    ['with parameters', () => `Bearer token=${good()}`],
    ['with characters that no token has', () => 'Bearer a%20b<script>'],
    ['that is empty', () => ''],
  ])('%s is 401', async (_, value) => {
    const response = await server().admin.request('GET', '/v2/', {
      headers: { authorization: value() },
      authorization: null,
    });
    expectError(response, 401, 'UNAUTHORIZED');
    expect(challengeOf(response)).toHaveProperty('error', 'invalid_token');
  });

  test('with a wrong password is 401, and says nothing of a token', async () => {
    const authorization = `Basic ${Buffer.from('admin:x').toString('base64')}`;
    const response = await server().admin.request('GET', '/v2/', { authorization });
    expectError(response, 401, 'UNAUTHORIZED');
    expect(challengeOf(response)).not.toHaveProperty('error');
  });

  test.each(['Bearer', 'bearer', 'BEARER'])('of the scheme %s is fine', async (scheme) => {
    expect((await server().admin.request('GET', '/v2/', { authorization: `${scheme} ${good()}` })).status).toBe(200);
  });

  test('that stands twice is 400', async () => {
    const response = await server().admin.request('GET', '/v2/', {
      authorization: null,
      headers: { authorization: [`Bearer ${good()}`, `Bearer ${good()}`] },
    });
    expectError(response, 400, 'UNSUPPORTED');
  });

  test('of 20 kB is 431', async () => {
    const response = await server().admin.request('GET', '/v2/', { authorization: `Bearer ${'x'.repeat(20_000)}` });
    expectError(response, 431, 'UNSUPPORTED');
  });

  test('does not come from the query or from a cookie', async () => {
    const token = good();
    const path = `/v2/?access_token=${token}&token=${token}&authorization=Bearer%20${token}`;
    const response = await server().admin.request('GET', path, {
      authorization: null,
      headers: { cookie: `token=${token}` },
    });
    expectError(response, 401, 'UNAUTHORIZED');
  });
});
