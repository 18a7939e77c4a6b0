import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IdentityProvider } from '@mcr/auth';
import { loadConfig } from '@mcr/config';
import { SqliteMetadataStore } from '@mcr/db';
import { startFakeMcias } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { createIdentity } from '../../src/identity.ts';
import { ManualClock } from '../_util/manual-clock.ts';
import { registryDirectory } from '../gc/_directory.ts';

const alice = { username: 'alice', password: 'canary-password' };

/** The identity of two processes that share a database, and the service that they ask. */
async function setUp() {
  await using cleanup = new AsyncDisposableStack();
  const clock = new ManualClock();
  const mcias = cleanup.use(await startFakeMcias({ now: () => clock.now() }));
  mcias.addAccount(alice);
  const { path } = cleanup.use(await registryDirectory());
  const caCert = join(path, 'mcias-ca.crt');
  await writeFile(caCert, mcias.caPem);
  const env = { MCR_AUTH_PROVIDER: 'mcias', MCR_MCIAS_SERVER_URL: mcias.url, MCR_MCIAS_CA_CERT: caCert };
  const config = loadConfig({ path: join(path, 'mcr.toml'), env });
  const { privateKey: signingKey } = generateKeyPairSync('ed25519');
  const start = async (): Promise<IdentityProvider> => {
    const store = await SqliteMetadataStore.open({ path: join(path, 'mcr.db') });
    cleanup.defer(() => store.close());
    return await createIdentity({ config, store, clock, signingKey });
  };
  const [one, two] = [await start(), await start()];
  const owned = cleanup.move();
  return { one, two, mcias, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

test('a logout at one process ends the token at the other at once, and no other token is looked up anew', async () => {
  await using at = await setUp();
  const { token } = await at.one.login(alice.username, alice.password);
  const { token: other } = await at.two.login(alice.username, alice.password);
  for (const identity of [at.one, at.two]) {
    for (const either of [token, other]) await identity.validate(either);
  }
  await at.one.revoke(token);
  for (const identity of [at.one, at.two]) {
    await expect(identity.validate(token)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  }
  at.mcias.setFault('error');
  expect(await at.two.validate(other)).toMatchObject({ principal: { username: 'alice' } });
});
