import { describe, expect, test } from 'vitest';
import { change, hour, minute, rule, start } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

const account = { id: 'id', username: 'grace', type: 'human', roles: [], passwordHash: 'x' } as const;

export function coordinationContract(current: CurrentStore): void {
  describe('leases', () => {
    const acquire = (owner: string, duration = minute, name = 'gc') =>
      current.store.coordination.acquireLease({ name, owner, duration });

    test('are held by one owner until they end', async () => {
      const before = await acquire('one', 0, 'before');
      const lease = await acquire('one');
      const after = await acquire('one', 0, 'after');
      expect(lease).toEqual({ name: 'gc', owner: 'one', until: expect.any(Number), fence: 1 });
      expect(lease?.until).toBeGreaterThanOrEqual(before!.until + minute);
      expect(lease?.until).toBeLessThanOrEqual(after!.until + minute);
      expect(await acquire('two')).toBeUndefined();
      expect(await acquire('two', minute, 'other job')).toMatchObject({ owner: 'two' });
      // Its time is over as soon as it begins.
      await acquire('one', 0);
      expect(await acquire('two')).toMatchObject({ owner: 'two', fence: 2 });
      expect(await acquire('one')).toBeUndefined();
    });

    test('are renewed by their owner without a new fence', async () => {
      const first = await acquire('one');
      const second = await acquire('one', 2 * minute);
      expect(second).toMatchObject({ owner: 'one', fence: first?.fence });
      expect(second?.until).toBeGreaterThanOrEqual(first!.until + minute);
    });

    test('fences grow with every change of holder, also after a release', async () => {
      const { store } = current;
      const fences = [(await acquire('one'))?.fence];
      await store.coordination.releaseLease({ name: 'gc', owner: 'one' });
      fences.push((await acquire('two'))?.fence);
      await store.coordination.takeOverLeases('one');
      fences.push((await acquire('one'))?.fence);
      await store.coordination.releaseLease({ name: 'gc', owner: 'one' });
      fences.push((await acquire('one'))?.fence);
      expect(fences).toEqual([1, 2, 3, 4]);
    });

    test('are not released by an owner that does not hold them', async () => {
      await acquire('one');
      await current.store.coordination.releaseLease({ name: 'gc', owner: 'two' });
      expect(await acquire('two')).toBeUndefined();
    });

    test('of other owners can be taken over, all at once', async () => {
      await acquire('one', minute, 'a');
      await acquire('two', minute, 'b');
      await current.store.coordination.takeOverLeases('two');
      expect(await acquire('three', minute, 'a')).toMatchObject({ owner: 'three' });
      expect(await acquire('three', minute, 'b')).toBeUndefined();
    });
  });

  describe('versions', () => {
    test.each([
      ['createPolicyRule', () => current.store.policy.createRule({ ...change, rule: rule() })],
      ['updatePolicyRule', () => current.store.policy.updateRule({ ...change, id: 1, patch: { enabled: false } })],
      ['deletePolicyRule', () => current.store.policy.deleteRule({ ...change, id: 1 })],
    ])('%s moves the version of the policy alone', async (_, run) => {
      await current.store.policy.createRule({ ...change, rule: rule() });
      const before = await current.store.coordination.versions();
      await run();
      expect(await current.store.coordination.versions()).toEqual({
        policy: before.policy + 1,
        accounts: before.accounts,
      });
    });

    test.each([
      [
        'createAccount',
        () => current.store.accounts.create({ ...change, account: { ...account, id: '2', username: 'b' } }),
      ],
      ['updateAccount', () => current.store.accounts.update({ ...change, id: 'id', patch: { enabled: false } })],
      ['deleteAccount', () => current.store.accounts.delete({ ...change, id: 'id' })],
      ['revokeToken', () => current.store.accounts.revokeToken({ tokenId: 'x', expiresAt: start + hour, now: start })],
    ])('%s moves the version of the accounts alone', async (_, run) => {
      await current.store.accounts.create({ ...change, account });
      const before = await current.store.coordination.versions();
      await run();
      expect(await current.store.coordination.versions()).toEqual({
        policy: before.policy,
        accounts: before.accounts + 1,
      });
    });

    test('what changes nothing moves nothing', async () => {
      const { store } = current;
      const before = await store.coordination.versions();
      await store.policy.updateRule({ ...change, id: 7, patch: { enabled: false } });
      await store.accounts.delete({ ...change, id: 'unknown' });
      expect(await store.coordination.versions()).toEqual(before);
    });
  });
}
