import { type Digest, isTag, parseTag, versionKey } from '@mcr/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TagDetails, TagFilter } from '../facets/tags.ts';
import { app, change, day, latest, push, start } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

const tagsOf = (...names: string[]) => names.map((name) => parseTag(name));
const tagName = fc
  .array(fc.constantFrom('v', 'a', '1', '2', '10', '.', '-'), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join(''))
  .filter(isTag);

/** By what a tag sorts, as the interface says it. */
function place(name: string): string {
  const isVersion = /^v?\d+(?:[._-]|$)/i.test(name);
  const key = versionKey(name);
  return `${isVersion ? '1' : '0'}${isVersion ? key.replace(/^v/, '') : key} ${name}`;
}

const newestFirst = (names: Iterable<string>) => [...names].toSorted((a, b) => (place(a) < place(b) ? 1 : -1));

/** Cases about images in the order of the newest versions among their tags. */
export function newestVersionContract(current: CurrentStore): void {
  const remove = (tag: string) =>
    current.store.tags.delete({ ...change, repository: app, tag: parseTag(tag), reviewAfter: start + day });

  /** All pages of images, as names behind each other. */
  async function images(limit: number, { tagsPerImage = 100, ...filter }: TagFilter & { tagsPerImage?: number } = {}) {
    const all: string[] = [];
    for (let after = ''; ; ) {
      const query = { ...filter, order: 'newest_version', tagsPerImage, limit, after } as const;
      const page = await current.store.tags.listDetails(app, query);
      const groups = Map.groupBy(page, ({ digest }) => digest);
      expect(groups.size).toBeLessThanOrEqual(limit);
      all.push(...[...groups.values()].map((group) => group.map(({ name }) => name).join(' ')));
      const last = page.at(-1);
      if (last === undefined || groups.size < limit) return all;
      after = last.newestTag ?? '';
    }
  }

  /** All pages of tags. */
  async function tags(limit: number): Promise<TagDetails[]> {
    const all: TagDetails[] = [];
    for (let after = ''; ; ) {
      const page = await current.store.tags.listDetails(app, { order: 'newest_version', limit, after });
      all.push(...page);
      const last = page.at(-1);
      if (last === undefined || page.length < limit) return all;
      after = `${last.newestTag} ${last.name}`;
    }
  }

  describe('images by the newest versions among their tags', () => {
    test('stand once, the newest first, and those without a version last', async () => {
      const { store } = current;
      await push(store, app, 'old', { tags: tagsOf('1.9', '1.9.3') });
      await push(store, app, 'new', { tags: tagsOf('latest', 'v1.10', '1') });
      await push(store, app, 'candidate', { tags: tagsOf('1.10.0-rc.1') });
      await push(store, app, 'release', { tags: tagsOf('v1.10.0') });
      await push(store, app, 'branch', { tags: tagsOf('main') });
      await push(store, app, 'commit', { tags: tagsOf('8f3a2b1') });
      await push(store, app, 'requests', { tags: tagsOf('pr-9', 'pr-10') });
      const all = ['v1.10.0', '1.10.0-rc.1', 'v1.10 1 latest', '1.9.3 1.9', 'pr-10 pr-9', 'main', '8f3a2b1'];
      for (const limit of [1, 2, 3, 50]) expect(await images(limit)).toEqual(all);
      for (const limit of [1, 2, 3, 50])
        expect((await tags(limit)).map(({ name }) => name)).toEqual(all.join(' ').split(' '));
    });

    test('have as many of their tags as are asked for, and say how many there are', async () => {
      const { store } = current;
      await push(store, app, 'one', { tags: tagsOf('1.1', '1.2', '1.3', '1.4') });
      await push(store, app, 'two', { tags: tagsOf('1.0') });
      expect(await images(1, { tagsPerImage: 2 })).toEqual(['1.4 1.3', '1.0']);
      const counts = (await tags(10)).map(({ name, imageTags, newestTag }) => [name, imageTags, newestTag]);
      expect(counts[0]).toEqual(['1.4', 4, '1.4']);
      expect(counts[4]).toEqual(['1.0', 1, '1.0']);
      const byName = await store.tags.listDetails(app, { limit: 1 });
      expect(byName).toMatchObject([{ name: '1.0', imageTags: 1 }]);
    });

    test('stay in their places with a filter, which leaves some of their tags', async () => {
      const { store } = current;
      const platforms = (...list: string[]) => ({ summary: { annotations: {}, platforms: list } });
      await push(store, app, 'one', { tags: tagsOf('2.0', 'pr-1'), ...platforms('linux/amd64') });
      await push(store, app, 'two', {
        tags: tagsOf('1.0', 'pr-2', 'pr-3'),
        now: start + 1,
        ...platforms('linux/arm64'),
      });
      await push(store, app, 'three', { tags: tagsOf('0.1'), ...platforms('linux/amd64') });
      for (const limit of [1, 2, 10]) {
        expect(await images(limit, { match: 'pr-*' })).toEqual(['pr-1', 'pr-3 pr-2']);
        expect(await images(limit, { match: 'pr-*', tagsPerImage: 1 })).toEqual(['pr-1', 'pr-3']);
        expect(await images(limit, { platform: 'linux/amd64' })).toEqual(['2.0 pr-1', '0.1']);
        expect(await images(limit, { updatedBefore: start + 1 })).toEqual(['2.0 pr-1', '0.1']);
        expect(await images(limit, { signed: true })).toEqual([]);
      }
    });

    test('follow their tags: those that come, move and go', async () => {
      const { store } = current;
      await push(store, app, 'one', { tags: tagsOf('1.0', '1.2') });
      await push(store, app, 'two', { tags: tagsOf('1.1') });
      expect(await images(5)).toEqual(['1.2 1.0', '1.1']);
      await push(store, app, 'two', { tags: tagsOf('1.2') });
      expect(await images(5)).toEqual(['1.2 1.1', '1.0']);
      await remove('1.2');
      expect(await images(5)).toEqual(['1.1', '1.0']);
      await push(store, app, 'one', { tags: tagsOf('1.1', '1.0') });
      expect(await images(5)).toEqual(['1.1 1.0']);
      await store.manifests.delete({
        ...change,
        repository: app,
        digest: await push(store, app, 'one'),
        reviewAfter: start + day,
      });
      expect(await images(5)).toEqual([]);
    });

    test('go on behind a place whose tag has gone meanwhile', async () => {
      const { store } = current;
      for (const name of ['1.0', '1.1', '1.2', '1.3']) await push(store, app, name, { tags: tagsOf(name) });
      const query = { order: 'newest_version', tagsPerImage: 5, limit: 2 } as const;
      const [, last] = await store.tags.listDetails(app, query);
      await remove(last?.name ?? '');
      const rest = await store.tags.listDetails(app, { ...query, after: last?.newestTag ?? '' });
      expect(rest.map(({ name }) => name)).toEqual(['1.1', '1.0']);
      const behindTag = { order: 'newest_version', limit: 2, after: `${last?.newestTag} ${last?.name}` } as const;
      expect((await store.tags.listDetails(app, behindTag)).map(({ name }) => name)).toEqual(['1.1', '1.0']);
      await push(store, app, 'more', { tags: [latest] });
      expect(await images(2)).toEqual(['1.3', '1.1', '1.0', 'latest']);
    });

    test('are what all tags say, whatever was pushed, moved and deleted', async () => {
      const step = fc.record({
        image: fc.integer({ min: 0, max: 3 }),
        names: fc.uniqueArray(tagName, { maxLength: 4 }),
      });
      const check = async (steps: readonly { image: number; names: readonly string[] }[], limit: number) => {
        const { store } = current;
        const held = new Map<string, Digest>();
        for (const { image, names } of steps) {
          if (image > 0) {
            const digest = await push(store, app, `image ${image}`, { tags: tagsOf(...names) });
            for (const name of names) held.set(name, digest);
          } else for (const name of names) if (held.delete(name)) await remove(name);
        }
        const groups = [...Map.groupBy(held.keys(), (name) => held.get(name)).values()].map(newestFirst);
        const wanted = groups.toSorted(([a = ''], [b = '']) => (place(a) < place(b) ? 1 : -1));
        expect(await images(limit)).toEqual(wanted.map((group) => group.join(' ')));
        expect((await tags(limit)).map(({ name }) => name)).toEqual(wanted.flat());
        const kept = (await store.inspection.compareTotals()).find(({ figure }) => figure === 'tagged images');
        expect(kept).toEqual({ figure: 'tagged images', kept: groups.length, counted: groups.length });
        for (const name of held.keys()) await remove(name);
      };
      await push(current.store, app, 'untagged');
      const property = fc.asyncProperty(fc.array(step, { maxLength: 6 }), fc.integer({ min: 1, max: 3 }), check);
      await fc.assert(property, { numRuns: 25 });
    });
  });
}
