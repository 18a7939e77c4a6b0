import { generateKeyPairSync } from 'node:crypto';
import { type FakeMcias, startFakeMcias } from '@mcr/testkit';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { CachedIdentity } from './cached-identity.ts';
import { LocalProvider } from './local-provider.ts';
import { MciasProvider } from './mcias-provider.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { MemoryAccounts } from './testing/memory-accounts.ts';

/** A busy machine takes its time. */
const pollOptions = { timeout: 20_000 };

let clock: ManualClock;

beforeEach(() => {
  clock = new ManualClock();
});

describe('in front of MCIAS', () => {
  const ann = { username: 'ann', password: 'correct horse', id: 'id-of-ann', roles: ['admin', 'user'] };
  const lifeMs = 90_000;
  let mcias: FakeMcias;
  let identity: CachedIdentity;

  const start = async (maxEntries = 100) => {
    mcias = await startFakeMcias({ now: () => clock.now(), tokenLifetimeMs: lifeMs });
    mcias.addAccount(ann);
    const options = { serverUrl: mcias.url, caCert: mcias.caPem, serviceName: 'registry', tags: [], clock };
    const provider = new MciasProvider(options);
    identity = new CachedIdentity(provider, { clock, maxEntries });
    onTestFinished(async () => {
      await provider.close();
      await mcias.close();
    });
  };
  const login = async () => (await identity.login('ann', 'correct horse')).token;
  const name = async (token: string) => (await identity.validate(token)).principal.username;

  beforeEach(() => start());

  test('a validation is cached for 30 s and then repeated', async () => {
    const token = await login();
    await name(token);
    clock.advance(29_999);
    expect(await name(token)).toBe('ann');
    expect(mcias.calls.validate).toBe(1);
    clock.advance(1);
    expect(await name(token)).toBe('ann');
    expect(mcias.calls.validate).toBe(2);
  });

  test('a validation is never cached beyond the expiry of the token', async () => {
    const token = await login();
    clock.advance(lifeMs - 10);
    await name(token);
    clock.advance(9);
    await name(token);
    expect(mcias.calls.validate).toBe(1);
    clock.advance(1);
    await expect(name(token)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    expect(mcias.calls.validate).toBe(2);
  });

  test('a token that was revoked elsewhere is rejected after 30 s', async () => {
    const token = await login();
    await name(token);
    mcias.revoke(token);
    clock.advance(29_999);
    await name(token);
    clock.advance(1);
    await expect(name(token)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });

  test('removed roles are gone after 30 s', async () => {
    const token = await login();
    expect((await identity.validate(token)).principal.roles).toEqual(['admin', 'user']);
    mcias.addAccount({ ...ann, roles: ['user'] });
    clock.advance(30_000);
    expect((await identity.validate(token)).principal.roles).toEqual(['user']);
  });

  test('concurrent validations of one token share one call', async () => {
    const token = await login();
    mcias.setFault('slow');
    const names = Promise.all(Array.from({ length: 20 }, () => name(token)));
    await vi.waitFor(() => expect(mcias.calls.validate).toBe(1), pollOptions);
    mcias.setFault(undefined);
    expect(new Set(await names)).toEqual(new Set(['ann']));
    expect(mcias.calls.validate).toBe(1);
  });

  test('tokens have separate entries', async () => {
    mcias.addAccount({ username: 'bob', password: 'battery staple' });
    const tokens = [await login(), (await identity.login('bob', 'battery staple')).token];
    expect(await Promise.all(tokens.map(name))).toEqual(['ann', 'bob']);
    expect(await Promise.all(tokens.map(name))).toEqual(['ann', 'bob']);
    expect(mcias.calls.validate).toBe(2);
  });

  test('a rejection is not cached, and does not evict good tokens', async () => {
    await start(1);
    const token = await login();
    await name(token);
    await expect(name('bad')).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    await expect(name('bad')).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    await name(token);
    expect(mcias.calls.validate).toBe(3);
  });

  test('when full, the least recently used token is validated again', async () => {
    await start(2);
    const [first, second, third] = [await login(), await login(), await login()];
    for (const token of [first, second, first, third]) await name(token);
    expect(mcias.calls.validate).toBe(3);
    await name(first);
    expect(mcias.calls.validate).toBe(3);
    await name(second);
    expect(mcias.calls.validate).toBe(4);
  });

  test('logins are never cached', async () => {
    expect(await login()).not.toBe(await login());
    expect(mcias.calls.login).toBe(2);
  });

  test.each([
    ['error', 'UNAVAILABLE'],
    ['malformed', 'UNAVAILABLE'],
    ['throttled', 'TOOMANYREQUESTS'],
  ] as const)(
    'during the fault %s known tokens keep working, and others as soon as it is over',
    async (fault, code) => {
      const [known, fresh] = [await login(), await login()];
      await name(known);
      mcias.setFault(fault);
      expect(await name(known)).toBe('ann');
      await expect(name(fresh)).rejects.toMatchObject({ code });
      await expect(login()).rejects.toMatchObject({ code });
      mcias.setFault(undefined);
      expect(await name(fresh)).toBe('ann');
    },
  );

  test('when MCIAS is down, known tokens work for 30 s and then are UNAVAILABLE, not rejected', async () => {
    const token = await login();
    await name(token);
    await mcias.close();
    clock.advance(29_999);
    expect(await name(token)).toBe('ann');
    clock.advance(1);
    const error = { code: 'UNAVAILABLE', message: expect.stringContaining('identity service (MCIAS) is unavailable') };
    await expect(name(token)).rejects.toMatchObject(error);
    await expect(login()).rejects.toMatchObject(error);
  });

  test('a revoked token is rejected immediately', async () => {
    const token = await login();
    await name(token);
    await identity.revoke(token);
    await expect(name(token)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });

  test('a token that is revoked while it is being validated is rejected afterwards', async () => {
    const token = await login();
    mcias.setFault('slow');
    const validating = name(token);
    await vi.waitFor(() => expect(mcias.calls.validate).toBe(1), pollOptions);
    const revoking = identity.revoke(token);
    await vi.waitFor(() => expect(mcias.calls.logout).toBe(1), pollOptions);
    mcias.setFault(undefined);
    await Promise.allSettled([validating, revoking]);
    await expect(name(token)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });

  test.each([
    ['has no logout', 404, undefined],
    ['fails at it', 500, 'UNAVAILABLE'],
  ])('a revoked token is validated again if MCIAS %s', async (_what, status, code) => {
    const token = await login();
    await name(token);
    mcias.setResponse('logout', { status });
    const result = await identity.revoke(token).catch((error: unknown) => error);
    if (code === undefined) expect(result).toBeUndefined();
    else expect(result).toMatchObject({ code });
    await name(token);
    expect(mcias.calls.validate).toBe(2);
  });
});

describe('in front of local accounts, with the version of the accounts', () => {
  let accounts: MemoryAccounts;
  let identity: CachedIdentity;
  const login = async () => (await identity.login('ann', 'correct horse')).token;

  beforeEach(() => {
    accounts = new MemoryAccounts();
    const { privateKey: signingKey } = generateKeyPairSync('ed25519');
    const provider = new LocalProvider({ store: accounts, signingKey, serviceName: 'registry', clock });
    identity = new CachedIdentity(provider, { clock, generation: () => accounts.version() });
  });

  test('a disabled account is rejected immediately', async () => {
    const account = await accounts.add({ username: 'ann', password: 'correct horse' });
    const token = await login();
    await identity.validate(token);
    accounts.change(account, { enabled: false });
    await expect(identity.validate(token)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });

  test('a removed role is gone immediately', async () => {
    const account = await accounts.add({ username: 'ann', password: 'correct horse', roles: ['admin'] });
    const token = await login();
    await identity.validate(token);
    accounts.change(account, { roles: [] });
    expect((await identity.validate(token)).principal.roles).toEqual([]);
  });

  test('without changes, accounts are read once in 30 s', async () => {
    await accounts.add({ username: 'ann', password: 'correct horse' });
    const token = await login();
    const reads = vi.spyOn(accounts, 'findById');
    await identity.validate(token);
    await identity.validate(token);
    expect(reads).toHaveBeenCalledTimes(1);
    clock.advance(30_000);
    await identity.validate(token);
    expect(reads).toHaveBeenCalledTimes(2);
  });

  test('a result from before the change is not cached', async () => {
    const account = await accounts.add({ username: 'ann', password: 'correct horse' });
    const token = await login();
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    const asked = vi.spyOn(accounts, 'isTokenRevoked').mockImplementationOnce(async () => {
      await held;
      return false;
    });
    const before = identity.validate(token);
    await vi.waitFor(() => expect(asked).toHaveBeenCalled(), pollOptions);
    accounts.change(account, { enabled: false });
    const after = identity.validate(token);
    release();
    await before;
    await expect(after).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    await expect(identity.validate(token)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
  });

  test('no token is accepted if the version cannot be read', async () => {
    await accounts.add({ username: 'ann', password: 'correct horse' });
    const token = await login();
    await identity.validate(token);
    const cause = new Error('SQLITE_IOERR: disk I/O error');
    accounts.version = () => Promise.reject(cause);
    await expect(identity.validate(token)).rejects.toMatchObject({ code: 'UNAVAILABLE', cause });
  });
});
