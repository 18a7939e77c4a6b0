import { parseTag } from '@mcr/core';
import { describe, expect, test } from 'vitest';
import type { Pull } from '../facets/manifests.ts';
import { ada, app, change, latest, other, push, start } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

const v1 = parseTag('v1');
const page = { limit: 10 };

/** Cases about who pushed and who pulled last. */
export function pullContract(current: CurrentStore): void {
  const note = (...pulls: Omit<Pull, 'repository'>[]) =>
    current.store.manifests.notePulls(pulls.map((pull) => ({ repository: app, ...pull })));

  describe('the last pull', () => {
    test('is of the manifest and of the tag that it was pulled by', async () => {
      const { store } = current;
      const digest = await push(store, app, 'one', { tags: [latest, v1] });
      const reference = { kind: 'digest', digest } as const;
      expect(await store.manifests.inspect(app, reference)).not.toHaveProperty('lastPulledAt');
      await note({ digest, tag: v1, at: start + 1, by: 'bob' });
      await note({ digest, at: start + 2 });
      const [first, second] = await store.tags.listDetails(app, page);
      expect(first).toMatchObject({ name: latest, imagePulledAt: start + 2 });
      expect(second).toMatchObject({
        name: v1,
        imagePulledAt: start + 2,
        lastPulledAt: start + 1,
        lastPulledBy: 'bob',
      });
      expect(first).not.toHaveProperty('lastPulledAt');
      for (const tag of [first, second]) expect(tag).not.toHaveProperty('imagePulledBy');
      expect(await store.manifests.inspect(app, reference)).toMatchObject({ lastPulledAt: start + 2 });
    });

    test('is the latest of those that processes note in whatever order, many at once', async () => {
      const { store } = current;
      const digest = await push(store, app, 'one', { tags: [latest] });
      const pulls = [3, 9, 5].map((at) => ({ digest, tag: latest, at: start + at, by: `by ${at}` }));
      await Promise.all(pulls.map((pull) => note(pull)));
      await note(...pulls.toReversed(), { digest, tag: latest, at: start + 1, by: 'by 1' });
      const found = { lastPulledAt: start + 9, lastPulledBy: 'by 9', imagePulledAt: start + 9, imagePulledBy: 'by 9' };
      expect(await store.tags.listDetails(app, page)).toMatchObject([found]);
    });

    test('passes over what is gone, and goes with the manifest', async () => {
      const { store } = current;
      const digest = await push(store, app, 'one', { tags: [latest] });
      await note({ digest, tag: v1, at: start });
      await store.manifests.notePulls([{ repository: other, digest, tag: latest, at: start }]);
      await store.manifests.notePulls([]);
      await store.manifests.delete({ ...change, repository: app, digest, reviewAfter: start });
      await note({ digest, tag: latest, at: start });
      await push(store, app, 'one', { tags: [latest] });
      const [tag] = await store.tags.listDetails(app, page);
      for (const field of ['lastPulledAt', 'imagePulledAt']) expect(tag).not.toHaveProperty(field);
      expect(await store.inspection.listDangling(10)).toEqual([]);
    });

    test('stays with a tag that moves, and not with its manifests', async () => {
      const { store } = current;
      const one = await push(store, app, 'one', { tags: [latest] });
      await note({ digest: one, tag: latest, at: start + 1, by: 'bob' });
      await push(store, app, 'two', { tags: [latest], now: start + 2 });
      const [tag] = await store.tags.listDetails(app, page);
      expect(tag).toMatchObject({ lastPulledAt: start + 1, lastPulledBy: 'bob', updatedAt: start + 2 });
      expect(tag).not.toHaveProperty('imagePulledAt');
    });

    test('leaves what is remembered of manifests as it is', async () => {
      const { store } = current;
      const digest = await push(store, app, 'one', { tags: [latest] });
      const known = await store.manifests.get(app, { kind: 'tag', tag: latest });
      const before = await store.coordination.versions();
      await note({ digest, tag: latest, at: start });
      expect(await store.manifests.get(app, { kind: 'tag', tag: latest })).toEqual(known);
      expect(await store.coordination.versions()).toEqual(before);
    });
  });

  test('a tag says who set it last, as far as that is known', async () => {
    const { store } = current;
    await push(store, app, 'one', { tags: [latest, v1] });
    await push(store, app, 'two', { tags: [latest], actor: { ...ada, name: 'bob' } });
    const pushers = async () => (await store.tags.listDetails(app, page)).map(({ pushedBy }) => pushedBy);
    expect(await pushers()).toEqual(['bob', ada.name]);
    await push(store, app, 'two', { tags: [latest, v1], actor: {} });
    expect(await pushers()).toEqual([undefined, undefined]);
  });
}
