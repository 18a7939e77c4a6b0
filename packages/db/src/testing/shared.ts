import { digestOf } from '@mcr/core';
import { describe, expect, test } from 'vitest';
import type { MetadataStore } from '../metadata-store.ts';
import {
  app,
  change,
  day,
  hour,
  isIn,
  latest,
  minute,
  other,
  publish,
  push,
  reviewAll,
  rule,
  start,
} from './fixtures.ts';
import { type StoreUnderTest, useStore } from './store-under-test.ts';

/** Two stores over the same data, as two processes have them. */
export interface StoresUnderTest extends StoreUnderTest {
  /** The other process's store. */
  readonly second: MetadataStore;
}

/** What holds between processes that share their data. `make` gives two stores over the same, empty, data. */
export function describeSharedMetadataStore(name: string, make: () => Promise<StoresUnderTest>): void {
  describe(name, () => {
    const current = useStore(make);
    const layer = digestOf('layer');

    test('versions tell one process what another changed', async () => {
      const { store, second } = current.subject;
      const before = await second.coordination.versions();
      await store.policy.createRule({ ...change, rule: rule() });
      await store.accounts.revokeToken({ tokenId: 'x', expiresAt: start + hour, now: start });
      expect(await second.coordination.versions()).toEqual({
        policy: before.policy + 1,
        accounts: before.accounts + 1,
      });
      expect(await second.accounts.isTokenRevoked('x')).toBe(true);
      expect(await second.policy.listRules()).toEqual(await store.policy.listRules());
    });

    test('the next stamp of one process shows what another changed', async () => {
      const { store, second } = current.subject;
      const byTag = { kind: 'tag', tag: latest } as const;
      await push(store, app, 'one', { tags: [latest] });
      const before = await second.manifests.stamp(app, byTag);
      const moved = await push(store, app, 'two', { tags: [latest] });
      expect(await second.manifests.stamp(app, byTag)).toEqual({ ...before, digest: moved });
      await store.accounts.revokeToken({ tokenId: 'x', expiresAt: start + hour, now: start });
      expect(await second.manifests.stamp(app, byTag)).toMatchObject({ accounts: before.accounts + 1 });
      await store.policy.createRule({ ...change, rule: rule() });
      expect(await second.manifests.stamp(app, byTag)).toMatchObject({ policy: before.policy + 1 });
      await store.tags.delete({ ...change, repository: app, tag: latest, reviewAfter: start + day });
      await expect(second.manifests.stamp(app, byTag)).rejects.toMatchObject({ code: 'MANIFEST_UNKNOWN' });
    });

    test('what one process pushed and deleted the other sees at once', async () => {
      const { store, second } = current.subject;
      await publish(store, app, 'layer');
      await second.blobs.mount({
        ...change,
        from: app,
        repository: other,
        digest: layer,
        leasedUntil: start + hour,
        reviewAfter: start + day,
      });
      const digest = await push(second, app, 'manifest', { blobs: [layer], tags: [latest] });
      expect(await store.manifests.stat(app, { kind: 'tag', tag: latest })).toMatchObject({ digest });
      await store.blobs.delete({ ...change, repository: app, digest: layer, reviewAfter: start });
      expect(await isIn(second, app, layer, start)).toBe(false);
      expect(await isIn(second, other, layer, start)).toBe(true);
    });

    test('a lease has one holder among all processes', async () => {
      const { store, second } = current.subject;
      const lease = { name: 'gc', duration: minute };
      const results = await Promise.all([
        store.coordination.acquireLease({ ...lease, owner: 'one' }),
        second.coordination.acquireLease({ ...lease, owner: 'two' }),
      ]);
      expect(results.filter((result) => result !== undefined)).toHaveLength(1);
    });

    test('of two processes that advance an upload one wins', async () => {
      const { store, second } = current.subject;
      const { version } = await store.uploads.create({ id: 'u1', repository: app, createdBy: 'ada', now: start });
      const step = { id: 'u1', version, now: start };
      const results = await Promise.all([
        store.uploads.advance({ ...step, offset: 1 }),
        second.uploads.advance({ ...step, offset: 2 }),
      ]);
      const [winner] = results.filter((result) => result !== undefined);
      expect(await store.uploads.get('u1')).toEqual(winner);
      expect(results.filter((result) => result !== undefined)).toHaveLength(1);
    });

    test('one process collects garbage while the other pushes, and no acknowledged blob is lost', async () => {
      const { store, second } = current.subject;
      for (let n = 0; n < 20; n += 1) {
        const { digest } = await publish(store, app, `layer ${n}`, { reviewAfter: start });
        await second.gc.review({ now: start, limit: 5 });
        await push(store, app, `manifest ${n}`, { blobs: [digest] });
        await second.gc.review({ now: start + day, limit: 5 });
      }
      await reviewAll(second, start + day);
      for (let n = 0; n < 20; n += 1) expect(await isIn(store, app, digestOf(`layer ${n}`), start + day)).toBe(true);
    });

    test('a leased blob that one process promised a client is safe from the other', async () => {
      const { store, second } = current.subject;
      await publish(store, app, 'layer', { reviewAfter: start });
      const now = start + hour - 1;
      await store.blobs.claim({ repository: app, digest: layer, leasedUntil: now + hour, now });
      expect(await reviewAll(second, now + hour - 1)).toMatchObject({ blobsRemoved: 0 });
      await push(store, app, 'manifest', { blobs: [layer], now: now + hour - 1 });
    });

    test('of two admins whom two processes delete at the same time one stays', async () => {
      const { store, second } = current.subject;
      const admin = { type: 'human', roles: ['admin'], passwordHash: 'x' } as const;
      for (const id of ['one', 'two'])
        await store.accounts.create({ ...change, account: { ...admin, id, username: id } });
      const outcomes = await Promise.allSettled([
        store.accounts.delete({ ...change, id: 'one' }),
        second.accounts.delete({ ...change, id: 'two' }),
      ]);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await second.accounts.list({ limit: 10 })).toEqual(await store.accounts.list({ limit: 10 }));
    });

    test('a name that two processes give to an account at the same time is given once', async () => {
      const { store, second } = current.subject;
      const account = { username: 'grace', type: 'human', roles: [], passwordHash: 'x' } as const;
      const outcomes = await Promise.allSettled([
        store.accounts.create({ ...change, account: { ...account, id: 'one' } }),
        second.accounts.create({ ...change, account: { ...account, id: 'two' } }),
      ]);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    test('what one process remembers of a repository is forgotten when another changes it', async () => {
      const { store, second } = current.subject;
      const read = () =>
        Promise.all([
          second.repositories.getSummary(app),
          second.tags.listRecords(app, { limit: 10 }),
          second.manifests.get(app, { kind: 'tag', tag: latest }).then(({ digest }) => digest),
        ]);
      const digest = await push(store, app, 'one', { tags: [latest] });
      expect(await read()).toMatchObject([{ tagCount: 1, manifestCount: 1 }, [{ digest }], digest]);
      const moved = await push(store, app, 'two', { tags: [latest] });
      await store.repositories.update({ ...change, repository: app, description: 'shop' });
      const after = [{ manifestCount: 2, description: 'shop' }, [{ digest: moved }], moved];
      expect(await read()).toMatchObject(after);
      await store.repositories.delete({ ...change, repository: app, reviewAfter: start });
      await expect(read()).rejects.toMatchObject({ code: 'NAME_UNKNOWN' });
    });

    test('a deletion of tags that two processes carry out at the same time happens once', async () => {
      const { store, second } = current.subject;
      await push(store, app, 'one', { tags: [latest] });
      const deletion = { repository: app, tags: [latest], withManifests: true };
      const { id: plan } = await second.tags.planDeletion(deletion);
      const request = { ...change, ...deletion, plan, reviewAfter: start };
      const outcomes = await Promise.all([store.tags.deleteMany(request), second.tags.deleteMany(request)]);
      expect(outcomes.filter((outcome) => outcome !== undefined)).toHaveLength(1);
      expect(await store.audit.list({ type: 'tag_deleted', limit: 10 })).toHaveLength(1);
    });

    test('what a deleted repository has left two processes remove together, and queue each blob once', async () => {
      const { store, second } = current.subject;
      const blobs = ['a', 'b', 'c', 'd'];
      for (const text of blobs) await publish(store, app, text, { leasedUntil: start + 1 });
      for (const text of blobs) await push(store, app, `image of ${text}`, { blobs: [digestOf(text)] });
      await store.repositories.delete({ ...change, repository: app, reviewAfter: start, limit: 1 });
      const removeAll = async (by: MetadataStore) => {
        while ((await by.repositories.removeDeleted({ reviewAfter: start, limit: 1 })).removed > 0);
      };
      await Promise.all([removeAll(store), removeAll(second)]);
      expect(await reviewAll(second, start + day)).toMatchObject({ blobsRemoved: 4 });
      expect(await store.statistics()).toMatchObject({ repositories: 0, manifests: 0, blobs: 0 });
    });

    test('a failed login that two processes count at the same time is counted once, and then known to both', async () => {
      const { store, second } = current.subject;
      const failure = { key: 'pair', before: 0, after: 1, others: [], now: start };
      const counted = await Promise.all([store.logins.count(failure), second.logins.count(failure)]);
      expect(counted.filter(Boolean)).toHaveLength(1);
      expect(await second.logins.find(['pair'])).toEqual([{ level: 1, at: start }]);
    });

    test('pages of the audit log leave out no event that is older than the first, whatever is written meanwhile', async () => {
      const { store, second } = current.subject;
      const event = (at: number) => ({ type: 'login', at, actor: {}, details: {} }) as const;
      let written = 0;
      const write = async (by: MetadataStore) => {
        for (let n = 0; n < 30; n += 1) {
          written += 1;
          // Times are those of the processes that noticed the events, in no order.
          await by.audit.append([event(start + ((written * 7) % 11)), event(start)]);
        }
      };
      const writing = Promise.all([write(store), write(second)]);
      const seen: number[][] = [];
      for (let round = 0; round < 5; round += 1) {
        const ids: number[] = [];
        let page = await second.audit.list({ limit: 7 });
        while (page.length > 0) {
          ids.push(...page.map(({ id }) => id));
          page = await second.audit.list({ limit: 7, before: ids.at(-1)! });
        }
        seen.push(ids);
      }
      await writing;
      const all = (await store.audit.list({ limit: 1_000 })).map(({ id }) => id);
      expect(all).toHaveLength(120);
      for (const ids of seen) expect(ids).toEqual(all.filter((id) => id <= (ids[0] ?? 0)));
    });
  });
}
