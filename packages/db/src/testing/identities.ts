import { describe, expect, test } from 'vitest';
import { change, lastEvent, start } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

const ann = {
  id: '0a6f0c6e-6a1f-4f6c-8f51-5c8c1d8f5f11',
  provider: 'corp',
  subject: 'sub-1',
  username: 'ann',
  roles: ['user', 'dev'],
  now: start,
} as const;
let attempts = 0;
const attempt = (id = `sign-in:${(attempts += 1)}`) => ({ attempt: { id, expiresAt: start + 600_000 } });

export function identityContract(current: CurrentStore): void {
  describe('identities', () => {
    test('the first sign-in creates one, and later ones bring name and roles up to date', async () => {
      const { identities } = current.store;
      const first = await identities.signIn({ ...ann, ...attempt() });
      const { now, ...known } = ann;
      expect(first).toEqual({ ...known, blocked: false, createdAt: now, signedInAt: now });
      expect(await identities.findById(ann.id)).toEqual(first);
      expect(await identities.findByName('ann')).toEqual(first);
      const later = { ...ann, id: 'unused', username: 'ann-b', roles: [], now: start + 5 };
      const second = await identities.signIn({ ...later, ...attempt() });
      expect(second).toEqual({ ...first, username: 'ann-b', roles: [], signedInAt: start + 5 });
      expect(await identities.findByName('ann')).toBeUndefined();
    });

    test('provider and subject together are who it is', async () => {
      const { identities } = current.store;
      await identities.signIn({ ...ann, ...attempt() });
      const other = { ...ann, id: 'other', username: 'bob', provider: 'partner' };
      expect((await identities.signIn({ ...other, ...attempt() })).id).toBe('other');
      expect((await identities.list({ limit: 10 })).map(({ username }) => username)).toEqual(['ann', 'bob']);
      expect((await identities.list({ after: 'ann', limit: 10 })).map(({ id }) => id)).toEqual(['other']);
    });

    test('an attempt is completed once', async () => {
      const { identities } = current.store;
      await identities.signIn({ ...ann, ...attempt('sign-in:x') });
      const again = identities.signIn({ ...ann, ...attempt('sign-in:x') });
      await expect(again).rejects.toMatchObject({ code: 'CONFLICT', detail: { attempt: 'completed' } });
    });

    test('a name that an account or another identity has is a CONFLICT, for either', async () => {
      const { store } = current;
      const account = { id: 'account', username: 'bob', type: 'human', roles: [], passwordHash: 'x' } as const;
      await store.accounts.create({ ...change, account });
      const taken = { code: 'CONFLICT', detail: { username: expect.any(String) } };
      const bob = { ...ann, username: 'bob' };
      await expect(store.identities.signIn({ ...bob, ...attempt() })).rejects.toMatchObject(taken);
      await store.identities.signIn({ ...ann, ...attempt() });
      const twin = { ...ann, id: 'twin', provider: 'partner' };
      await expect(store.identities.signIn({ ...twin, ...attempt() })).rejects.toMatchObject(taken);
      await expect(store.identities.signIn({ ...bob, ...attempt() })).rejects.toMatchObject(taken);
      expect((await store.identities.findById(ann.id))?.username).toBe('ann');
      const second = { ...account, id: 'second', username: 'ann' };
      await expect(store.accounts.create({ ...change, account: second })).rejects.toMatchObject(taken);
    });

    test('a blocked one stays as it is at a sign-in, until it is unblocked', async () => {
      const { identities } = current.store;
      const first = await identities.signIn({ ...ann, ...attempt() });
      expect(await identities.setBlocked({ ...change, id: ann.id, blocked: true })).toEqual({
        ...first,
        blocked: true,
      });
      expect(await lastEvent(current.store)).toMatchObject({
        type: 'identity_updated',
        details: { identity_id: ann.id, username: 'ann', provider: 'corp', subject: 'sub-1', blocked: 'true' },
      });
      const later = { ...ann, roles: ['admin'], now: start + 1 };
      expect(await identities.signIn({ ...later, ...attempt() })).toEqual({ ...first, blocked: true });
      await identities.setBlocked({ ...change, id: ann.id, blocked: false });
      expect((await identities.signIn({ ...later, ...attempt() })).roles).toEqual(['admin']);
    });

    test('owners of tokens that MCIAS keeps are listed among them, blocked and deleted', async () => {
      const { store } = current;
      const principal = { id: 'id-of-alice', username: 'alice', accountType: 'human', roles: ['dev'] } as const;
      await store.tokens.putOwner({ principal, signedInAt: start });
      await store.identities.signIn({ ...ann, username: 'zoe', ...attempt() });
      // A person of a provider who has tokens is in the list once.
      await store.tokens.putOwner({ principal: { ...principal, id: ann.id, username: 'zoe' }, signedInAt: start });
      const alice = {
        id: principal.id,
        provider: 'mcias',
        subject: principal.id,
        username: 'alice',
        roles: ['dev'],
        blocked: false,
        createdAt: start,
        signedInAt: start,
      };
      const list = await store.identities.list({ limit: 10 });
      expect(list.map(({ username, provider }) => [username, provider])).toEqual([
        ['alice', 'mcias'],
        ['zoe', 'corp'],
      ]);
      expect(list[0]).toEqual(alice);
      expect(await store.identities.list({ limit: 1 })).toEqual([alice]);
      expect((await store.identities.list({ after: 'alice', limit: 10 })).map(({ id }) => id)).toEqual([ann.id]);
      const version = async () => (await store.coordination.versions()).accounts;
      const before = await version();
      const block = { ...change, id: principal.id, blocked: true };
      expect(await store.identities.setBlocked(block)).toEqual({ ...alice, blocked: true });
      expect(await version()).not.toBe(before);
      expect(await lastEvent(store)).toMatchObject({
        type: 'identity_updated',
        details: { username: 'alice', provider: 'mcias', blocked: 'true' },
      });
      await store.tokens.putOwner({ principal: { ...principal, roles: [] }, signedInAt: start + 1 });
      expect(await store.tokens.findOwner(principal.id)).toMatchObject({ blocked: true, signedInAt: start + 1 });
      expect(await store.identities.delete({ ...change, id: principal.id })).toBe(true);
      expect(await store.tokens.findOwner(principal.id)).toBeUndefined();
      expect(await store.identities.delete({ ...change, id: principal.id })).toBe(false);
    });

    test('each change is a new version of accounts', async () => {
      const { identities, coordination } = current.store;
      const version = async () => (await coordination.versions()).accounts;
      const seen = [await version()];
      await identities.signIn({ ...ann, ...attempt() });
      seen.push(await version());
      await identities.setBlocked({ ...change, id: ann.id, blocked: true });
      seen.push(await version());
      expect(await identities.delete({ ...change, id: ann.id })).toBe(true);
      seen.push(await version());
      expect(new Set(seen).size).toBe(seen.length);
    });

    test('a deleted one is gone, and its name free', async () => {
      const { store } = current;
      await store.identities.signIn({ ...ann, ...attempt() });
      expect(await store.identities.delete({ ...change, id: ann.id })).toBe(true);
      expect(await lastEvent(store)).toMatchObject({ type: 'identity_deleted', details: { username: 'ann' } });
      expect(await store.identities.findById(ann.id)).toBeUndefined();
      expect(await store.identities.delete({ ...change, id: ann.id })).toBe(false);
      expect(await store.identities.setBlocked({ ...change, id: ann.id, blocked: true })).toBeUndefined();
      await store.identities.signIn({ ...ann, id: 'new', subject: 'sub-2', ...attempt() });
    });
  });
}
