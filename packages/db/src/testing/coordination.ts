import { describe, expect, test } from 'vitest';
import { change, hour, lastEvent, minute, rule, start } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

const account = { id: 'id', username: 'grace', type: 'human', roles: [], passwordHash: 'x' } as const;

export function coordinationContract(current: CurrentStore): void {
  describe('leases', () => {
    const acquire = (owner: string, now = start, name = 'gc') =>
      current.store.coordination.acquireLease({ name, owner, until: now + minute, now });

    test('are held by one owner until they end', async () => {
      expect(await acquire('one')).toEqual({ name: 'gc', owner: 'one', until: start + minute, fence: 1 });
      expect(await acquire('two', start + minute - 1)).toBeUndefined();
      expect(await acquire('two', start, 'other job')).toMatchObject({ owner: 'two' });
      expect(await acquire('two', start + minute)).toMatchObject({ owner: 'two', until: start + 2 * minute });
      expect(await acquire('one', start + minute)).toBeUndefined();
    });

    test('are renewed by their owner without a new fence', async () => {
      const first = await acquire('one');
      expect(await acquire('one', start + 1)).toEqual({ ...first, until: start + 1 + minute });
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

    test('are not released by somebody who does not hold them', async () => {
      await acquire('one');
      await current.store.coordination.releaseLease({ name: 'gc', owner: 'two' });
      expect(await acquire('two')).toBeUndefined();
    });

    test('of other owners can be taken over, all at once', async () => {
      await acquire('one', start, 'a');
      await acquire('two', start, 'b');
      await current.store.coordination.takeOverLeases('two');
      expect(await acquire('three', start, 'a')).toMatchObject({ owner: 'three' });
      expect(await acquire('three', start, 'b')).toBeUndefined();
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

  describe('runs of garbage collection', () => {
    const begin = (id: string) => current.store.gc.startRun({ ...change, id, reconcile: false, trigger: 'api' });

    test('a run starts with nothing done, and gc_started', async () => {
      const run = await begin('one');
      expect(run).toEqual({
        id: 'one',
        reconcile: false,
        trigger: 'api',
        state: 'running',
        startedAt: start,
        blobsRemoved: 0,
        bytesFreed: 0,
        uploadsRemoved: 0,
        examined: 0,
        orphansRemoved: 0,
        missingFiles: 0,
      });
      expect(await current.store.gc.listRuns({ limit: 10 })).toEqual([run]);
      expect(await lastEvent(current.store)).toEqual({
        type: 'gc_started',
        details: { run_id: 'one', trigger: 'api', reconcile: 'false' },
      });
    });

    test('starting it again is the same run and no second event', async () => {
      expect(await begin('one')).toEqual(await begin('one'));
      expect(await current.store.audit.list({ type: 'gc_started', limit: 10 })).toHaveLength(1);
    });

    test('progress and result are kept, and the end is gc_completed', async () => {
      const { store } = current;
      const run = await begin('one');
      await store.gc.updateRun('one', { examined: 7, blobsRemoved: 2, bytesFreed: 3 * 2 ** 40 });
      await store.gc.updateRun('one', { missingFiles: 1 });
      await store.gc.updateRun('one', {});
      const finished = await store.gc.finishRun({ ...change, now: start + 5, id: 'one', state: 'completed' });
      const progress = { examined: 7, blobsRemoved: 2, bytesFreed: 3 * 2 ** 40, missingFiles: 1 };
      expect(finished).toEqual({ ...run, ...progress, state: 'completed', completedAt: start + 5 });
      expect(await store.gc.listRuns({ limit: 10 })).toEqual([finished]);
      expect(await lastEvent(store)).toEqual({
        type: 'gc_completed',
        details: { run_id: 'one', state: 'completed', blobs_removed: '2', bytes_freed: String(3 * 2 ** 40) },
      });
    });

    test('a failed run says why', async () => {
      const { store } = current;
      await begin('one');
      const error = 'The blob store cannot be read';
      expect(await store.gc.finishRun({ ...change, id: 'one', state: 'failed', error })).toMatchObject({
        state: 'failed',
        error,
      });
      expect(await lastEvent(store)).toMatchObject({ details: { state: 'failed', error } });
    });

    test('unknown runs are refused', async () => {
      const { store } = current;
      const unknown = { ...change, id: 'unknown', state: 'completed' } as const;
      await expect(store.gc.finishRun(unknown)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      await expect(store.gc.listRuns({ before: 'unknown', limit: 1 })).rejects.toMatchObject({
        code: 'PARAMETER_INVALID',
      });
    });
  });
}
