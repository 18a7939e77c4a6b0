import { describe, expect, test } from 'vitest';
import type { MetadataStore } from '../metadata-store.ts';
import { change, lastEvent, minute, start } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

const grace = {
  id: '6f9f0c6e-6a1f-4f6c-8f51-5c8c1d8f5f11',
  username: 'grace',
  type: 'human',
  roles: ['admin', 'user'],
  passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA',
} as const;

export function accountContract(current: CurrentStore): void {
  describe('accounts', () => {
    test('an account is created enabled and found by name and by id', async () => {
      const { store } = current;
      const account = await store.accounts.create({ ...change, account: grace });
      expect(account).toEqual({ ...grace, enabled: true, createdAt: start, updatedAt: start });
      expect(await store.accounts.findByName('grace')).toEqual(account);
      expect(await store.accounts.findById(grace.id)).toEqual(account);
      expect(await store.accounts.findByName('Grace')).toBeUndefined();
      expect(await store.accounts.findById('unknown')).toBeUndefined();
    });

    test('a name that is taken is a CONFLICT, and the account that has it stays', async () => {
      const { store } = current;
      const account = await store.accounts.create({ ...change, account: grace });
      const again = store.accounts.create({ ...change, account: { ...grace, id: 'another', roles: [] } });
      await expect(again).rejects.toMatchObject({ code: 'CONFLICT' });
      expect(await store.accounts.list({ limit: 10 })).toEqual([account]);
    });

    test('a patch changes what it names', async () => {
      const { store } = current;
      const account = await store.accounts.create({ ...change, account: { ...grace, roles: ['user'] } });
      const input = { ...change, id: grace.id, now: start + 1 };
      const disabled = await store.accounts.update({ ...input, patch: { enabled: false } });
      expect(disabled).toEqual({ ...account, enabled: false, updatedAt: start + 1 });
      const renewed = await store.accounts.update({ ...input, patch: { passwordHash: 'x', roles: [] } });
      expect(renewed).toEqual({ ...disabled, passwordHash: 'x', roles: [] });
      expect(await store.accounts.findById(grace.id)).toEqual(renewed);
    });

    test('unknown accounts are not changed and not deleted, and that is not an event', async () => {
      const { store } = current;
      expect(await store.accounts.update({ ...change, id: 'unknown', patch: { enabled: false } })).toBeUndefined();
      expect(await store.accounts.delete({ ...change, id: 'unknown' })).toBe(false);
      expect(await store.audit.list({ limit: 10 })).toEqual([]);
    });

    test('a deleted account is gone, and its name free', async () => {
      const { store } = current;
      await store.accounts.create({ ...change, account: { ...grace, roles: ['user'] } });
      expect(await store.accounts.delete({ ...change, id: grace.id })).toBe(true);
      expect(await store.accounts.findByName('grace')).toBeUndefined();
      await store.accounts.create({ ...change, account: { ...grace, id: 'another' } });
    });

    test('events say what changed, and never a password hash', async () => {
      const { store } = current;
      await store.accounts.create({ ...change, account: grace });
      const who = { account_id: grace.id, username: 'grace' };
      expect(await lastEvent(store)).toEqual({
        type: 'account_created',
        details: { ...who, type: 'human', roles: 'admin,user' },
      });
      const patch = { passwordHash: '$argon2id$new', enabled: false, roles: ['user'] };
      await store.accounts.update({ ...change, id: grace.id, patch, evenLastAdmin: true });
      expect(await lastEvent(store)).toEqual({
        type: 'account_updated',
        details: { ...who, password: 'changed', enabled: 'false', roles: 'user' },
      });
      await store.accounts.delete({ ...change, id: grace.id });
      expect(await lastEvent(store)).toEqual({ type: 'account_deleted', details: who });
      expect(JSON.stringify(await store.audit.list({ limit: 10 }))).not.toContain('argon2id');
    });
  });

  describe('the last enabled admin', () => {
    const ada = { ...grace, id: 'ada', username: 'ada', roles: ['admin'] };
    const user = { ...grace, id: 'user', username: 'user', roles: ['"admin', 'admin.of.nothing'] };

    const losses: Readonly<Record<string, (store: MetadataStore, id: string) => Promise<unknown>>> = {
      disabled: (store, id) => store.accounts.update({ ...change, id, patch: { enabled: false } }),
      'stripped of the role': (store, id) => store.accounts.update({ ...change, id, patch: { roles: ['user'] } }),
      deleted: (store, id) => store.accounts.delete({ ...change, id }),
    };

    test.each(Object.entries(losses))('is not %s, which is a CONFLICT without an event', async (_how, lose) => {
      const { store } = current;
      for (const account of [grace, ada, user]) await store.accounts.create({ ...change, account });
      await lose(store, ada.id);
      const before = await store.accounts.findById(grace.id);
      const events = await store.audit.list({ limit: 10 });
      await expect(lose(store, grace.id)).rejects.toMatchObject({ code: 'CONFLICT' });
      expect(await store.accounts.findById(grace.id)).toEqual(before);
      expect(await store.audit.list({ limit: 10 })).toEqual(events);
    });

    test.each(Object.entries(losses))('is one of two that would be %s at the same time', async (_how, lose) => {
      const { store } = current;
      for (const account of [grace, ada]) await store.accounts.create({ ...change, account });
      const results = await Promise.allSettled([lose(store, grace.id), lose(store, ada.id)]);
      expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    });

    test('may be changed in every other way, and by an override', async () => {
      const { store } = current;
      await store.accounts.create({ ...change, account: grace });
      const input = { ...change, id: grace.id };
      const harmless = [{ passwordHash: 'x' }, { enabled: true }, { roles: ['admin', 'user', 'ci'] }];
      for (const patch of harmless) expect(await store.accounts.update({ ...input, patch })).toMatchObject(patch);
      const disabled = await store.accounts.update({ ...input, patch: { enabled: false }, evenLastAdmin: true });
      expect(disabled).toMatchObject({ enabled: false });
      expect(await store.accounts.update({ ...input, patch: { roles: ['user'] } })).toMatchObject({ roles: ['user'] });
      await store.accounts.update({ ...input, patch: { enabled: true, roles: ['admin'] } });
      expect(await store.accounts.delete({ ...input, evenLastAdmin: true })).toBe(true);
    });
  });

  describe('revoked tokens', () => {
    test('a revoked token stays revoked until it would have expired anyway', async () => {
      const { store } = current;
      await store.accounts.revokeToken({ tokenId: 'one', expiresAt: start + minute, now: start });
      expect(await store.accounts.isTokenRevoked('one')).toBe(true);
      expect(await store.accounts.isTokenRevoked('two')).toBe(false);
      await store.accounts.revokeToken({ tokenId: 'two', expiresAt: start + 2 * minute, now: start + minute - 1 });
      expect(await store.accounts.isTokenRevoked('one')).toBe(true);
      await store.accounts.revokeToken({ tokenId: 'three', expiresAt: start + 2 * minute, now: start + minute });
      expect(await store.accounts.isTokenRevoked('one')).toBe(false);
      expect(await store.accounts.isTokenRevoked('two')).toBe(true);
    });

    test('revoking again is harmless', async () => {
      const { store } = current;
      for (const expiresAt of [start + 2, start + 1])
        await store.accounts.revokeToken({ tokenId: 'one', expiresAt, now: start });
      await store.accounts.revokeToken({ tokenId: 'two', expiresAt: start + 9, now: start + 1 });
      expect(await store.accounts.isTokenRevoked('one')).toBe(true);
    });
  });
}
