import { generateKeyPairSync } from 'node:crypto';
import { inspect } from 'node:util';
import { type FakeMcias, type MciasFault, type MciasResponse, startFakeMcias } from '@mcr/testkit';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CachedIdentity } from './cached-identity.ts';
import type { IdentityProvider } from './identity-provider.ts';
import { LocalProvider } from './local-provider.ts';
import { MciasProvider } from './mcias-provider.ts';
import { hashPassword } from './password.ts';
import { MemoryAccounts } from './testing/memory-accounts.ts';

/** Prefix of every secret, so that parts of one are found too. */
const mark = 'canary';
const secrets = fc.stringMatching(/^[A-Za-z0-9]{16,40}$/).map((text) => mark + text);
const runs = { numRuns: 5 };

let mcias: FakeMcias;
let remote: MciasProvider;

beforeAll(async () => {
  mcias = await startFakeMcias();
  remote = new MciasProvider({
    serverUrl: mcias.url,
    caCert: mcias.caPem,
    serviceName: 'registry',
    tags: [],
    timeoutMs: 50,
  });
});

afterAll(async () => {
  await remote.close();
  await mcias.close();
});

/** Uses a secret as every kind of input, and looks for it in everything that an error shows or hides. */
async function expectNoTrace(provider: IdentityProvider, secret: string): Promise<void> {
  const results = await Promise.allSettled([
    provider.login('ann', secret),
    provider.login(secret, secret),
    provider.validate(secret),
    provider.validate(`${secret}\r\n`),
    provider.validate(`e30.${secret}.${secret}`),
    provider.validate(secret.repeat(1000)),
    provider.revoke(secret),
    hashPassword(secret.repeat(100)),
  ]);
  for (const result of results) {
    if (result.status === 'fulfilled') continue;
    const { reason } = result;
    const shown = [String(reason), JSON.stringify(reason), inspect(reason, { depth: Infinity, showHidden: true })];
    for (const text of shown) expect(text).not.toContain(mark);
  }
  expect(results.filter(({ status }) => status === 'rejected').length).toBeGreaterThanOrEqual(5);
}

test.each<MciasFault | 'none'>(['none', 'slow', 'error', 'throttled', 'malformed'])(
  'no error of MCIAS holds a password or a token: fault %s',
  async (fault) => {
    mcias.setFault(fault === 'none' ? undefined : fault);
    await fc.assert(
      fc.asyncProperty(secrets, (secret) => expectNoTrace(new CachedIdentity(remote), secret)),
      runs,
    );
    mcias.setFault(undefined);
  },
);

test.each<[string, (secret: string) => MciasResponse]>([
  ['in JSON that breaks off', (secret) => ({ status: 200, body: `{"token":"${secret}` })],
  ['as text', (secret) => ({ status: 200, body: secret })],
  ['in fields of the wrong type', (secret) => ({ status: 200, body: { valid: secret, token: [secret] } })],
  ['in the wrong fields', (secret) => ({ status: 200, body: { valid: true, [secret]: secret, expires_at: secret } })],
  ['in an error', (secret) => ({ status: 500, body: { error: `bad password ${secret}` } })],
  ['in a redirect', (secret) => ({ status: 302, headers: { Location: `https://127.0.0.1/?token=${secret}` } })],
])('no error of MCIAS contains a password or a token that it sends back %s', async (_what, response) => {
  await fc.assert(
    fc.asyncProperty(secrets, async (secret) => {
      for (const endpoint of ['login', 'validate', 'logout'] as const) mcias.setResponse(endpoint, response(secret));
      await expectNoTrace(remote, secret);
    }),
    runs,
  );
  for (const endpoint of ['login', 'validate', 'logout'] as const) mcias.setResponse(endpoint, undefined);
});

test('no error of local accounts contains a password or a token', async () => {
  const store = new MemoryAccounts();
  await store.add({ username: 'ann', password: 'correct horse' });
  const { privateKey: signingKey } = generateKeyPairSync('ed25519');
  const provider = new CachedIdentity(new LocalProvider({ store, signingKey, serviceName: 'registry' }));
  await fc.assert(
    fc.asyncProperty(secrets, (secret) => expectNoTrace(provider, secret)),
    runs,
  );
});
