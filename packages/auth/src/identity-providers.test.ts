import { generateKeyPairSync } from 'node:crypto';
import { type FakeMcias, startFakeMcias } from '@mcr/testkit';
import { CachedIdentity } from './cached-identity.ts';
import { LocalProvider } from './local-provider.ts';
import { MciasProvider } from './mcias-provider.ts';
import { SharedRevocations } from './shared-revocations.ts';
import { describeIdentityProvider, type ProviderUnderTest } from './testing/identity-provider-contract.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { MemoryAccounts } from './testing/memory-accounts.ts';

const ann = { username: 'ann', password: 'correct horse', id: 'id-of-ann', roles: ['user'] };

async function makeLocal(): Promise<ProviderUnderTest & { readonly accounts: MemoryAccounts }> {
  const clock = new ManualClock();
  const accounts = new MemoryAccounts();
  await accounts.add(ann);
  const { privateKey: signingKey } = generateKeyPairSync('ed25519');
  const provider = new LocalProvider({ store: accounts, signingKey, serviceName: 'registry', clock });
  return { provider, clock, accounts, close: async () => {} };
}

async function makeMcias(): Promise<ProviderUnderTest & { readonly mcias: FakeMcias }> {
  const clock = new ManualClock();
  const mcias = await startFakeMcias({ now: () => clock.now() });
  mcias.addAccount(ann);
  const provider = new MciasProvider({
    serverUrl: mcias.url,
    caCert: mcias.caPem,
    serviceName: 'registry',
    tags: [],
    clock,
  });
  const close = async () => {
    await provider.close();
    await mcias.close();
  };
  return { provider, clock, mcias, close };
}

describeIdentityProvider('LocalProvider', makeLocal);

describeIdentityProvider('MciasProvider', makeMcias);

describeIdentityProvider('CachedIdentity before LocalProvider', async () => {
  const local = await makeLocal();
  const { clock, accounts } = local;
  return { ...local, provider: new CachedIdentity(local.provider, { clock, generation: () => accounts.version() }) };
});

describeIdentityProvider('SharedRevocations before MciasProvider', async () => {
  const mcias = await makeMcias();
  return {
    ...mcias,
    provider: new SharedRevocations(mcias.provider, { store: new MemoryAccounts(), clock: mcias.clock }),
  };
});

describeIdentityProvider('CachedIdentity before MciasProvider', async () => {
  const mcias = await makeMcias();
  return { ...mcias, provider: new CachedIdentity(mcias.provider, { clock: mcias.clock }) };
});
