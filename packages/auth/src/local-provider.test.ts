import { generateKeyPairSync } from 'node:crypto';
import { RegistryError } from '@mcr/core';
import { beforeEach, describe, expect, test } from 'vitest';
import { LocalProvider } from './local-provider.ts';
import { type Requester, Slots } from './slots.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { MemoryAccounts } from './testing/memory-accounts.ts';

/** Counts how often a password was hashed. */
class CountingSlots extends Slots {
  hashes = 0;

  override run<T>(task: () => Promise<T>, requester?: Requester): Promise<T> {
    this.hashes += 1;
    return super.run(task, requester);
  }
}

const { privateKey: signingKey } = generateKeyPairSync('ed25519');
const wrong = { code: 'UNAUTHORIZED', message: 'The username or the password is wrong' };
const invalid = { code: 'UNAUTHORIZED', message: 'The token is invalid, expired or revoked; log in again' };

let clock: ManualClock;
let accounts: MemoryAccounts;
let slots: CountingSlots;
let provider: LocalProvider;

beforeEach(() => {
  clock = new ManualClock();
  accounts = new MemoryAccounts();
  slots = new CountingSlots({ concurrency: 2, maxWaiting: 128 });
  provider = new LocalProvider({ store: accounts, signingKey, serviceName: 'registry', clock, slots });
});

const addAnn = () => accounts.add({ username: 'ann', password: 'correct horse' });
const login = (password = 'correct horse', username = 'ann') => provider.login(username, password);

test('a login returns the principal', async () => {
  const { id } = await accounts.add({ username: 'ci', password: 'correct horse', type: 'system', roles: [] });
  const { principal, expiresIn } = await login('correct horse', 'ci');
  expect(principal).toEqual({ id, username: 'ci', accountType: 'system', roles: [] });
  expect(expiresIn).toBe(8 * 60 * 60);
});

test('a token of another registry that has the same key is rejected', async () => {
  await addAnn();
  const other = new LocalProvider({ store: accounts, signingKey, serviceName: 'other-registry', clock });
  await expect(other.validate((await login()).token)).rejects.toMatchObject(invalid);
});

describe('a change of an account affects tokens already issued', () => {
  test('roles are the current ones', async () => {
    const account = await accounts.add({ username: 'ann', password: 'correct horse', roles: ['admin', 'user'] });
    const { token } = await login();
    accounts.change(account, { roles: ['user'] });
    expect((await provider.validate(token)).principal.roles).toEqual(['user']);
  });

  test('a disabled account is rejected by login and validation until it is enabled', async () => {
    const account = await addAnn();
    const { token } = await login();
    accounts.change(account, { enabled: false });
    await expect(provider.validate(token)).rejects.toMatchObject(invalid);
    await expect(login()).rejects.toMatchObject(wrong);
    accounts.change(account, { enabled: true });
    expect((await provider.validate(token)).principal.username).toBe('ann');
    await login();
  });

  test('a removed account is rejected, and a new one of the same name is another account', async () => {
    const account = await addAnn();
    const { token } = await login();
    accounts.remove(account);
    await expect(login()).rejects.toMatchObject(wrong);
    await addAnn();
    await expect(provider.validate(token)).rejects.toMatchObject(invalid);
  });
});

describe('a failed login reveals nothing about accounts', () => {
  test.each([
    ['an unknown name', 'bob', 'correct horse'],
    ['a name that cannot exist', 'no such/name', 'correct horse'],
    ['a disabled account and its right password', 'off', 'correct horse'],
    ['a wrong password', 'ann', 'wrong horse'],
    ['a password beyond any length', 'ann', 'x'.repeat(10_000)],
  ])('%s costs one hash and gets the same error', async (_what, username, password) => {
    await addAnn();
    await accounts.add({ username: 'off', password: 'correct horse', enabled: false });
    await expect(login(password, username)).rejects.toMatchObject(wrong);
    expect(slots.hashes).toBe(1);
  });
});

describe('a correct password is cached for a minute', () => {
  test('a burst of equal logins costs one hash, and each gets its own token', async () => {
    await addAnn();
    const issued = await Promise.all([login(), login(), login(), login(), login(), login()]);
    expect(slots.hashes).toBe(1);
    expect(new Set(issued.map(({ token }) => token)).size).toBe(6);
  });

  test('a later login costs nothing within 60 s and a hash after that', async () => {
    await addAnn();
    await login();
    clock.advance(59_999);
    await login();
    expect(slots.hashes).toBe(1);
    clock.advance(1);
    await login();
    expect(slots.hashes).toBe(2);
  });

  test('a wrong password is hashed each time', async () => {
    await addAnn();
    await login();
    await expect(login('wrong horse')).rejects.toMatchObject(wrong);
    await expect(login('wrong horse')).rejects.toMatchObject(wrong);
    expect(slots.hashes).toBe(3);
  });

  test('another account with the same password is checked separately', async () => {
    await addAnn();
    await accounts.add({ username: 'bob', password: 'battery staple' });
    await login();
    await expect(login('correct horse', 'bob')).rejects.toMatchObject(wrong);
  });

  test('a changed password takes effect immediately', async () => {
    const account = await addAnn();
    await login();
    const { passwordHash } = await accounts.add({ username: 'other', password: 'battery staple' });
    accounts.change(account, { passwordHash });
    await expect(login()).rejects.toMatchObject(wrong);
    await login('battery staple');
  });

  test('an account that is disabled within the minute is rejected', async () => {
    const account = await addAnn();
    await login();
    accounts.change(account, { enabled: false });
    await expect(login()).rejects.toMatchObject(wrong);
  });
});

test('while too many passwords are being checked, further logins get TOOMANYREQUESTS', async () => {
  await addAnn();
  const small = new Slots({ concurrency: 1, maxWaiting: 1 });
  provider = new LocalProvider({ store: accounts, signingKey, serviceName: 'registry', clock, slots: small });
  const results = await Promise.allSettled(['wrong 1', 'wrong 2', 'wrong 3', 'wrong 4'].map((text) => login(text)));
  const codes = results.map((result) => result.status === 'rejected' && result.reason.code);
  expect(codes).toEqual(['UNAUTHORIZED', 'UNAUTHORIZED', 'TOOMANYREQUESTS', 'TOOMANYREQUESTS']);
  await login();
});

describe('while another password is being checked', () => {
  const gate = () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const single = new Slots({ concurrency: 1, maxWaiting: 10 });
    provider = new LocalProvider({ store: accounts, signingKey, serviceName: 'registry', clock, slots: single });
    const held = single.run(() => promise);
    return { single, open: () => (resolve(), held) };
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  test('equal logins of one address share a slot, and those of another have their own', async () => {
    await addAnn();
    const { single, open } = gate();
    const from = (address: string) => provider.login('ann', 'correct horse', { address });
    const all = [from('a'), from('a'), from('b')];
    await turn();
    expect(single.waiting).toBe(2);
    await open();
    expect((await Promise.all(all)).map(({ principal }) => principal?.username)).toEqual(['ann', 'ann', 'ann']);
  });

  test('a login leaves the queue once all clients that wait for it have disconnected', async () => {
    await addAnn();
    const { single, open } = gate();
    const [first, second] = [new AbortController(), new AbortController()];
    const logins = [first, second].map(({ signal }) => provider.login('ann', 'wrong', { address: 'a', signal }));
    for (const it of logins) it.catch(() => {});
    await turn();
    first.abort();
    expect(single.waiting).toBe(1);
    second.abort();
    expect(single.waiting).toBe(0);
    for (const it of logins) await expect(it).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    const next = provider.login('ann', 'wrong', { address: 'a' });
    await open();
    await expect(next).rejects.toMatchObject(wrong);
  });
});

describe('a failing database is UNAVAILABLE, never a success', () => {
  const failure = new Error('SQLITE_IOERR: disk I/O error');
  const unavailable = { code: 'UNAVAILABLE', message: expect.stringContaining('check the database'), cause: failure };
  const fail = () => Promise.reject(failure);

  test.each(['findById', 'isTokenRevoked'] as const)('in %s', async (method) => {
    await addAnn();
    const { token } = await login();
    accounts[method] = fail;
    await expect(provider.validate(token)).rejects.toMatchObject(unavailable);
  });

  test('in findByName and revokeToken', async () => {
    await addAnn();
    const { token } = await login();
    accounts.findByName = fail;
    accounts.revokeToken = fail;
    await expect(login()).rejects.toMatchObject(unavailable);
    await expect(provider.revoke(token)).rejects.toMatchObject(unavailable);
  });

  test('but its own RegistryError is passed on', async () => {
    const own = new RegistryError('TOOMANYREQUESTS', 'too many requests');
    accounts.findByName = () => Promise.reject(own);
    await expect(login()).rejects.toBe(own);
  });
});
