import { describe, expect, test } from 'vitest';
import type { NewAccessToken } from '../facets/tokens.ts';
import { ada, change, day, hour, lastEvent, start } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

const grace = { id: '6f9f0c6e-6a1f-4f6c-8f51-5c8c1d8f5f11', username: 'grace' };
const ci: NewAccessToken = {
  id: 'id of ci',
  accountId: grace.id,
  accountName: grace.username,
  name: 'ci',
  actions: ['registry:pull'],
  repositories: ['team/**'],
  scope: 'none',
  expiresAt: start + day,
  secretHash: 'hash of ci',
};
const names = { token_id: ci.id, token: 'ci', account_id: grace.id, username: 'grace' };
const expiry = '2026-01-02T00:00:00.000Z';

export function tokenContract(current: CurrentStore): void {
  const create = (patch: Partial<NewAccessToken> = {}, { limit = 0, now = start } = {}) => {
    const { name = 'ci' } = patch;
    const token = { ...ci, id: `id of ${name}`, secretHash: `hash of ${name}`, ...patch };
    return current.store.tokens.create({ ...change, now, token, limit });
  };
  const rotate = (secretHash: string, patch: { previousUntil?: number; expiresAt?: number; now?: number } = {}) => {
    const times = { previousUntil: start + hour, expiresAt: start + 2 * day };
    return current.store.tokens.rotate({ ...change, id: ci.id, secretHash, ...times, ...patch });
  };
  const find = (secretHash: string) => current.store.tokens.findBySecret(secretHash);

  describe('access tokens', () => {
    test('are found by their id and by their secret, without a hash in what is found', async () => {
      const created = await create();
      const { secretHash: _, ...token } = ci;
      const by = { createdBy: ada.id, createdByName: ada.name, createdAt: start };
      expect(created).toEqual({ ...token, ...by, generation: 1 });
      expect(await current.store.tokens.findById(ci.id)).toEqual(created);
      expect(await find('hash of ci')).toEqual({ token: created, generation: 1 });
      expect(await find('another hash')).toBeUndefined();
      expect(await current.store.tokens.findById('another id')).toBeUndefined();
    });

    test('have a name that is unique within the account, until they have expired', async () => {
      await create();
      await expect(create({ id: 'x', secretHash: 'x' })).rejects.toMatchObject({ code: 'CONFLICT' });
      await create({ id: 'y', secretHash: 'y', accountId: 'another', accountName: 'another' });
      const later = { id: 'z', secretHash: 'z', expiresAt: start + 2 * day };
      expect(await create(later, { now: start + day })).toMatchObject({ id: 'z' });
      expect(await current.store.tokens.findById(ci.id)).toBeUndefined();
    });

    test('are as many as the limit says; those that have expired do not count', async () => {
      await create({ name: 'one', expiresAt: start + hour });
      await create({ name: 'two' }, { limit: 2 });
      const three = { name: 'three' };
      await expect(create(three, { limit: 2 })).rejects.toMatchObject({
        code: 'CONFLICT',
        message: expect.stringContaining('has 2 tokens'),
      });
      await create({ ...three, accountId: 'another' }, { limit: 2 });
      await create({ ...three, id: 'x', secretHash: 'x' }, { limit: 2, now: start + hour });
    });

    test('that expired a month ago are forgotten when another one is created', async () => {
      await create({ name: 'old', expiresAt: start + hour });
      await create({ name: 'new', expiresAt: start + 99 * day }, { now: start + hour + 30 * day - 1 });
      expect(await current.store.tokens.findById('id of old')).toBeDefined();
      await create({ name: 'newer', expiresAt: start + 99 * day }, { now: start + hour + 30 * day });
      expect(await current.store.tokens.findById('id of old')).toBeUndefined();
    });

    test('are listed by account and name, page by page', async () => {
      for (const accountName of ['bob', 'ann']) {
        for (const name of ['y', 'x']) {
          const id = `${accountName} ${name}`;
          await create({ id, accountId: `id of ${accountName}`, accountName, name, secretHash: id });
        }
      }
      const { tokens } = current.store;
      const ids = async (page: Parameters<typeof tokens.list>[0]) => (await tokens.list(page)).map(({ id }) => id);
      const all = ['ann x', 'ann y', 'bob x', 'bob y'];
      expect(await ids({ limit: 9 })).toEqual(all);
      for (const [at, id] of all.entries()) {
        const [accountName = '', name = ''] = id.split(' ');
        expect(await ids({ limit: 2, after: { accountName, name, id } })).toEqual(all.slice(at + 1, at + 3));
      }
      expect(await ids({ limit: 9, accountId: 'id of bob' })).toEqual(['bob x', 'bob y']);
      expect(
        await ids({ limit: 9, accountId: 'id of bob', after: { accountName: 'bob', name: 'x', id: 'bob x' } }),
      ).toEqual(['bob y']);
    });

    test('are found by the secret before a rotation, too, and by none from before that', async () => {
      await create();
      const once = await rotate('second', { now: start + 1 });
      expect(once).toMatchObject({ generation: 2, rotatedAt: start + 1, previousUntil: start + hour });
      expect(once?.expiresAt).toBe(start + 2 * day);
      expect(await find('hash of ci')).toEqual({ token: once, generation: 1 });
      expect(await find('second')).toEqual({ token: once, generation: 2 });
      await rotate('third');
      expect(await find('hash of ci')).toBeUndefined();
      expect(await find('second')).toMatchObject({ generation: 2 });
      expect(await find('third')).toMatchObject({ generation: 3 });
    });

    test('are gone once they are revoked, and that is a change of the accounts, as a rotation is', async () => {
      const { tokens, coordination } = current.store;
      await create();
      const versions = [(await coordination.versions()).accounts];
      await rotate('second');
      versions.push((await coordination.versions()).accounts);
      expect(await tokens.revoke({ ...change, id: ci.id })).toBe(true);
      versions.push((await coordination.versions()).accounts);
      expect(new Set(versions).size).toBe(3);
      expect([await find('second'), await find('hash of ci'), await tokens.findById(ci.id)]).toEqual(
        Array.from({ length: 3 }),
      );
      expect(await tokens.revoke({ ...change, id: ci.id })).toBe(false);
      expect(await rotate('third')).toBeUndefined();
    });

    test('go with their account', async () => {
      const account = { ...grace, type: 'human', roles: [], passwordHash: 'x' } as const;
      await current.store.accounts.create({ ...change, account });
      await create();
      await create({ name: 'other', accountId: 'another' });
      await current.store.accounts.delete({ ...change, id: grace.id });
      expect(await find('hash of ci')).toBeUndefined();
      expect(await find('hash of other')).toBeDefined();
    });

    test('leave events that say what they are for, and never a hash', async () => {
      await create();
      const event = { actions: 'registry:pull', repositories: 'team/**', scope: 'none', expires_at: expiry };
      expect(await lastEvent(current.store)).toEqual({ type: 'token_created', details: { ...names, ...event } });
      await rotate('hash of second', { expiresAt: start + day });
      const times = { previous_until: '2026-01-01T01:00:00.000Z', expires_at: expiry };
      expect(await lastEvent(current.store)).toEqual({ type: 'token_rotated', details: { ...names, ...times } });
      await current.store.tokens.revoke({ ...change, id: ci.id });
      expect(await lastEvent(current.store)).toEqual({ type: 'token_revoked', details: names });
      expect(JSON.stringify(await current.store.audit.list({ limit: 9 }))).not.toContain('hash');
    });

    test('have the time and the address of the last use, which is no change of the accounts', async () => {
      const { tokens, coordination } = current.store;
      await create();
      const before = await coordination.versions();
      const use = { id: ci.id, at: start + 2, ip: '192.0.2.1' };
      await tokens.noteUses([use, { id: 'unknown', at: start, ip: '192.0.2.1' }]);
      expect(await tokens.findById(ci.id)).toMatchObject({ lastUsedAt: start + 2, lastUsedIp: '192.0.2.1' });
      await tokens.noteUses([{ ...use, at: start + 1, ip: '192.0.2.2' }]);
      expect(await tokens.findById(ci.id)).toMatchObject({ lastUsedAt: start + 2, lastUsedIp: '192.0.2.1' });
      await tokens.noteUses([]);
      expect(await coordination.versions()).toEqual(before);
    });

    test('are counted', async () => {
      await create({ name: 'soon', expiresAt: start + hour });
      await create({ name: 'late' });
      await create({ name: 'over', expiresAt: start });
      const counts = await current.store.tokens.count({ now: start, expiringBefore: start + 2 * hour });
      expect(counts).toEqual({ valid: 2, expiring: 1, expired: 1 });
    });
  });

  test('the owner of a token is on record as last signed in', async () => {
    const { tokens, coordination } = current.store;
    const principal = { id: 'far away', username: 'ann', accountType: 'human', roles: ['user'] } as const;
    expect(await tokens.findOwner('far away')).toBeUndefined();
    const { accounts } = await coordination.versions();
    await tokens.putOwner({ principal, signedInAt: start });
    expect(await tokens.findOwner('far away')).toEqual({ principal, signedInAt: start, blocked: false });
    await tokens.putOwner({ principal: { ...principal, roles: [] }, signedInAt: start + 1 });
    expect(await tokens.findOwner('far away')).toEqual({
      principal: { ...principal, roles: [] },
      signedInAt: start + 1,
      blocked: false,
    });
    expect((await coordination.versions()).accounts).toBe(accounts + 2);
  });
}
