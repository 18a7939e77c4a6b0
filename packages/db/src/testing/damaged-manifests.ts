import { digestOf } from '@mcr/core';
import { describe, expect, test } from 'vitest';
import { ManifestDamaged } from '../manifest-damaged.ts';
import { app, change, day, lastEvent, latest, other, push } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

const byTag = { kind: 'tag', tag: latest } as const;
const image = digestOf('image');
const page = { limit: 10 };

/** Cases about manifests whose content is not what was pushed, which a push of other bytes stands for here. */
export function damagedManifestContract(current: CurrentStore): void {
  const damaged = (algorithm: 'sha256' | 'sha512' = 'sha256', subject?: string) =>
    push(current.store, app, 'image', {
      digest: digestOf('image', algorithm),
      content: Buffer.from('imagf'),
      tags: [latest],
      ...(subject !== undefined && { subject }),
    });
  const heal = () => push(current.store, app, 'image', { tags: [latest] });

  describe('a manifest whose content has another digest', () => {
    test.each(['sha256', 'sha512'] as const)(
      'is found damaged when it is loaded, by tag and by %s',
      async (algorithm) => {
        const { store } = current;
        const digest = await damaged(algorithm);
        for (const reference of [byTag, { kind: 'digest', digest } as const]) {
          for (const read of ['get', 'inspect'] as const) {
            const error = await store.manifests[read](app, reference).catch((thrown: unknown) => thrown);
            expect(error).toBeInstanceOf(ManifestDamaged);
            expect(error).toMatchObject({ code: 'MANIFEST_UNKNOWN', repository: app, digest, quarantined: false });
          }
        }
      },
    );

    test('is unknown in quarantine, also without its content, until it is pushed again', async () => {
      const { store } = current;
      const digest = await damaged();
      expect(await store.manifests.quarantine({ ...change, repository: app, digest })).toBe(true);
      expect(await lastEvent(store)).toEqual({ type: 'manifest_quarantined', repository: app, digest, details: {} });
      expect(await store.manifests.quarantine({ ...change, repository: app, digest })).toBe(false);
      expect(await store.manifests.countQuarantined()).toBe(1);
      const reads = [
        store.manifests.stat(app, byTag),
        store.manifests.stat(app, { kind: 'digest', digest }),
        store.manifests.get(app, byTag),
        store.manifests.inspect(app, byTag),
      ];
      const unknown = { code: 'MANIFEST_UNKNOWN', digest, quarantined: true };
      await Promise.all(reads.map((read) => expect(read).rejects.toMatchObject(unknown)));
      await expect(store.manifests.stamp(app, byTag)).rejects.toMatchObject({ code: 'MANIFEST_UNKNOWN' });

      await heal();
      expect(await store.manifests.countQuarantined()).toBe(0);
      expect(Buffer.from((await store.manifests.get(app, byTag)).content).toString()).toBe('image');
      expect(await store.manifests.stat(app, byTag)).toMatchObject({ digest });
    });

    test('keeps its tags, and can be deleted', async () => {
      const { store } = current;
      const digest = await damaged();
      await store.manifests.quarantine({ ...change, repository: app, digest });
      expect(await store.tags.list(app, page)).toEqual([latest]);
      expect(await store.manifests.list(app, page)).toMatchObject([{ digest }]);
      const [tag] = await store.tags.listDetails(app, page);
      expect(tag).toMatchObject({ name: latest, digest });
      expect(tag).not.toHaveProperty('content');
      expect(await store.inspection.listManifests({ limit: 10 })).toMatchObject([{ digest, quarantined: true }]);
      await store.manifests.delete({ ...change, repository: app, digest, reviewAfter: change.now + day });
      expect(await store.manifests.countQuarantined()).toBe(0);
      expect(await store.tags.list(app, page)).toEqual([]);
    });

    test('is no referrer and no child in quarantine', async () => {
      const { store } = current;
      const subject = await push(store, app, 'subject');
      const digest = await damaged('sha256', subject);
      const index = await push(store, app, 'index', { children: [digest] });
      const around = async () => ({
        listed: (await store.manifests.listReferrers(app, subject, page)).length,
        referrers: (await store.manifests.inspect(app, { kind: 'digest', digest: subject })).referrers.length,
        children: (await store.manifests.inspect(app, { kind: 'digest', digest: index })).children.length,
      });
      expect(await around()).toEqual({ listed: 1, referrers: 1, children: 1 });
      await store.manifests.quarantine({ ...change, repository: app, digest });
      expect(await around()).toEqual({ listed: 0, referrers: 0, children: 0 });
    });

    test('is looked at again before it goes out of service, and before it goes back', async () => {
      const { store } = current;
      const name = { ...change, repository: app, digest: image };
      expect(await store.manifests.quarantine(name)).toBe(false);
      await heal();
      expect(await store.manifests.quarantine(name)).toBe(false);
      expect(await store.manifests.release(name)).toBe(false);
      await push(store, other, 'image', { content: Buffer.from('imagf') });
      expect(await store.manifests.quarantine({ ...name, repository: other })).toBe(true);
      expect(await store.manifests.release({ ...name, repository: other })).toBe(false);
      expect(await store.manifests.countQuarantined()).toBe(1);
    });
  });
}
