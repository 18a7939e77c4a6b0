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
      const before = await second.versions();
      await store.createPolicyRule({ ...change, rule: rule() });
      await store.revokeToken({ tokenId: 'x', expiresAt: start + hour, now: start });
      expect(await second.versions()).toEqual({ policy: before.policy + 1, accounts: before.accounts + 1 });
      expect(await second.isTokenRevoked('x')).toBe(true);
      expect(await second.listPolicyRules()).toEqual(await store.listPolicyRules());
    });

    test('what one process pushed and deleted the other sees at once', async () => {
      const { store, second } = current.subject;
      await publish(store, app, 'layer');
      await second.mountBlob({
        ...change,
        from: app,
        repository: other,
        digest: layer,
        leasedUntil: start + hour,
        reviewAfter: start + day,
      });
      const digest = await push(second, app, 'manifest', { blobs: [layer], tags: [latest] });
      expect(await store.statManifest(app, { kind: 'tag', tag: latest })).toMatchObject({ digest });
      await store.deleteBlob({ ...change, repository: app, digest: layer, reviewAfter: start });
      expect(await isIn(second, app, layer, start)).toBe(false);
      expect(await isIn(second, other, layer, start)).toBe(true);
    });

    test('a lease has one holder among all processes', async () => {
      const { store, second } = current.subject;
      const lease = { name: 'gc', until: start + minute, now: start };
      const results = await Promise.all([
        store.acquireLease({ ...lease, owner: 'one' }),
        second.acquireLease({ ...lease, owner: 'two' }),
      ]);
      expect(results.filter((result) => result !== undefined)).toHaveLength(1);
    });

    test('of two processes that advance an upload one wins', async () => {
      const { store, second } = current.subject;
      const { version } = await store.createUpload({ id: 'u1', repository: app, createdBy: 'ada', now: start });
      const step = { id: 'u1', version, now: start };
      const results = await Promise.all([
        store.advanceUpload({ ...step, offset: 1 }),
        second.advanceUpload({ ...step, offset: 2 }),
      ]);
      const [winner] = results.filter((result) => result !== undefined);
      expect(await store.getUpload('u1')).toEqual(winner);
      expect(results.filter((result) => result !== undefined)).toHaveLength(1);
    });

    test('one process collects garbage while the other pushes, and no acknowledged blob is lost', async () => {
      const { store, second } = current.subject;
      for (let n = 0; n < 20; n += 1) {
        const { digest } = await publish(store, app, `layer ${n}`, { reviewAfter: start });
        await second.reviewGarbage({ now: start, limit: 5 });
        await push(store, app, `manifest ${n}`, { blobs: [digest] });
        await second.reviewGarbage({ now: start + day, limit: 5 });
      }
      await reviewAll(second, start + day);
      for (let n = 0; n < 20; n += 1) expect(await isIn(store, app, digestOf(`layer ${n}`), start + day)).toBe(true);
    });

    test('a leased blob that one process tells a client about is safe from the other', async () => {
      const { store, second } = current.subject;
      await publish(store, app, 'layer', { reviewAfter: start });
      const now = start + hour - 1;
      await store.claimBlob({ repository: app, digest: layer, leasedUntil: now + hour, now });
      expect(await reviewAll(second, now + hour - 1)).toMatchObject({ blobsRemoved: 0 });
      await push(store, app, 'manifest', { blobs: [layer], now: now + hour - 1 });
    });
  });
}
