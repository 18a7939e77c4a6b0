import { describe, expect, test } from 'vitest';
import type { NewDelegation } from '../facets/delegations.ts';
import { ada, change, lastEvent, start } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

const account = { id: 'ann-id', username: 'ann', type: 'human', roles: [], passwordHash: 'x' } as const;
const delegation: NewDelegation = { id: 'one', accountId: account.id, accountName: 'ann', pattern: 'team-x/**' };

export function delegationContract(current: CurrentStore): void {
  const grant = (fields: Partial<NewDelegation> = {}, limit = 50) =>
    current.store.delegations.grant({ ...change, delegation: { ...delegation, ...fields }, limit });

  describe('delegations', () => {
    test('one is granted, listed and revoked, with events', async () => {
      const { store } = current;
      const granted = await grant();
      expect(granted).toEqual({ ...delegation, grantedBy: ada.id, grantedByName: ada.name, grantedAt: start });
      const details = { delegation_id: 'one', account_id: account.id, username: 'ann', pattern: 'team-x/**' };
      expect(await lastEvent(store)).toEqual({ type: 'delegation_granted', details });
      expect(await store.delegations.listOf(account.id)).toEqual([granted]);
      expect(await store.delegations.listOf('another')).toEqual([]);
      expect(await store.delegations.revoke({ ...change, id: 'one' })).toEqual(granted);
      expect(await lastEvent(store)).toEqual({ type: 'delegation_revoked', details });
      expect(await store.delegations.listOf(account.id)).toEqual([]);
      expect(await store.delegations.revoke({ ...change, id: 'one' })).toBeUndefined();
    });

    test('the command line of the host is nobody in particular', async () => {
      const granted = await current.store.delegations.grant({ actor: {}, now: start, delegation, limit: 1 });
      expect(granted).toEqual({ ...delegation, grantedAt: start });
    });

    test('the same one again, and one too many, is a CONFLICT', async () => {
      await grant();
      await expect(grant({ id: 'two' })).rejects.toMatchObject({ code: 'CONFLICT', detail: { pattern: 'team-x/**' } });
      await grant({ id: 'two', pattern: 'team-y/**' }, 2);
      await expect(grant({ id: 'three', pattern: 'z/*' }, 2)).rejects.toMatchObject({ code: 'CONFLICT' });
      await grant({ id: 'three', accountId: 'bob-id', accountName: 'bob' }, 2);
    });

    test('of two grants at once that only one fits, one is a CONFLICT', async () => {
      const both = await Promise.allSettled([
        grant({ id: 'one', pattern: 'a/*' }, 1),
        grant({ id: 'two', pattern: 'b/*' }, 1),
      ]);
      expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(await current.store.delegations.listOf(account.id)).toHaveLength(1);
    });

    test('all are listed by account and pattern, page by page', async () => {
      const { delegations } = current.store;
      await grant({ id: '1', accountName: 'bob', accountId: 'bob-id', pattern: 'a/*' });
      await grant({ id: '2', pattern: 'b/*' });
      await grant({ id: '3', pattern: 'a/*' });
      const first = await delegations.list({ limit: 2 });
      expect(first.map(({ id }) => id)).toEqual(['3', '2']);
      expect((await delegations.list({ after: first.at(-1)!, limit: 2 })).map(({ id }) => id)).toEqual(['1']);
    });

    test('those of an account, or of a person of a provider, end with it', async () => {
      const { store } = current;
      await store.accounts.create({ ...change, account });
      await grant();
      await grant({ id: 'two', accountId: 'bob-id', accountName: 'bob' });
      await store.accounts.delete({ ...change, id: account.id });
      expect((await store.delegations.list({ limit: 9 })).map(({ id }) => id)).toEqual(['two']);
      const person = { id: 'bob-id', provider: 'corp', subject: 's', username: 'bob', roles: [], now: start };
      await store.identities.signIn({ ...person, attempt: { id: 'sign-in:delegation', expiresAt: start + 1_000 } });
      await store.identities.delete({ ...change, id: 'bob-id' });
      expect(await store.delegations.list({ limit: 9 })).toEqual([]);
    });
  });
}
