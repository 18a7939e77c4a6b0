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
  });
}
