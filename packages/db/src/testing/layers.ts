import { type Digest, digestOf, parseRepositoryName } from '@mcr/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Layer } from '../facets/layers.ts';
import { app, change, other, publish, push, start } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

const repositories = [app, other] as const;
/** Some of one size, which their digests order. */
const texts = ['one', 'two', 'six', 'three', 'seven', 'largest'];
const step = fc.record({
  kind: fc.constantFrom('push', 'push', 'push', 'deleteManifest', 'deleteBlob', 'deleteRepository'),
  repository: fc.constantFrom(...repositories),
  image: fc.subarray(texts, { minLength: 1, maxLength: 3 }),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
/** The blobs of each manifest of each repository, by the text of the manifest. */
type Model = Map<string, Map<string, Set<string>>>;

/** Cases about the layers of a repository. */
export function layerContract(current: CurrentStore): void {
  /** All pages of the layers of a repository; none when it is not there. */
  async function layersOf(repository: Step['repository'], limit: number): Promise<Layer[]> {
    const all: Layer[] = [];
    for (let after = ''; ; ) {
      const page = await current.store.repositories.listLayers(repository, { after, limit }).catch(unlessUnknown);
      all.push(...page);
      const last = page.at(-1);
      if (last === undefined || page.length < limit) return all;
      after = `${last.size} ${last.digest}`;
    }
  }

  /** Takes one step in the store and in the model. */
  async function take({ kind, repository, image }: Step, model: Model): Promise<void> {
    const { store } = current;
    const about = { ...change, repository, reviewAfter: start };
    const [text, blob = ''] = [`image of ${image.join()}`, ...image];
    const manifests = model.get(repository) ?? new Map<string, Set<string>>();
    model.set(repository, manifests);
    if (kind === 'push') {
      for (const layer of image) await publish(store, repository, layer);
      await push(store, repository, text, { blobs: image.map((layer) => digestOf(layer)) });
      manifests.set(text, new Set(image));
    } else if (kind === 'deleteManifest') {
      await store.manifests.delete({ ...about, digest: digestOf(text) }).catch(unlessUnknown);
      manifests.delete(text);
    } else if (kind === 'deleteBlob') {
      await store.blobs.delete({ ...about, digest: digestOf(blob) }).catch(unlessUnknown);
      for (const blobs of manifests.values()) blobs.delete(blob);
    } else {
      await store.repositories.delete(about).catch(unlessUnknown);
      while ((await store.repositories.removeDeleted({ reviewAfter: start, limit: 2 })).removed > 0);
      manifests.clear();
    }
  }

  describe('layers', () => {
    test('are listed from the largest, page by page, with how many have them', async () => {
      const { store } = current;
      const layers = await Promise.all(
        ['a layer', 'the largest layer', 'b layer'].map((text) => publish(store, app, text)),
      );
      const [one, two, three] = layers.map(({ digest }) => digest) as [Digest, Digest, Digest];
      await publish(store, app, 'not referenced, and larger');
      await push(store, app, 'first', { blobs: [one, two, three] });
      await push(store, app, 'second', { blobs: [two] });
      await publish(store, other, 'the largest layer');
      await push(store, other, 'third', { blobs: [two] });
      const found = await store.repositories.listLayers(app, { limit: 10 });
      const small = [one, three].toSorted().map((digest) => ({ digest, size: 7, images: 1, repositories: 1 }));
      expect(found).toEqual([{ digest: two, size: 17, images: 2, repositories: 2 }, ...small]);
      for (const [at, { size, digest }] of found.entries()) {
        const after = `${size} ${digest}`;
        expect(await store.repositories.listLayers(app, { after, limit: 1 })).toEqual(found.slice(at + 1, at + 2));
      }
      await expect(store.repositories.listLayers(parseRepositoryName('no/such'), { limit: 1 })).rejects.toMatchObject({
        code: 'NAME_UNKNOWN',
      });
    });

    test('go on behind a layer that has gone meanwhile', async () => {
      const { store } = current;
      for (const text of ['one', 'two', 'six', 'ten']) await publish(store, app, text);
      const blobs = ['one', 'two', 'six', 'ten'].map((text) => digestOf(text));
      await push(store, app, 'image', { blobs });
      const [first, second, ...rest] = await store.repositories.listLayers(app, { limit: 4 });
      await store.blobs.delete({ ...change, repository: app, digest: second!.digest, reviewAfter: start });
      const after = `${second!.size} ${second!.digest}`;
      expect(await store.repositories.listLayers(app, { after, limit: 4 })).toEqual(rest);
      expect(await store.repositories.listLayers(app, { limit: 4 })).toEqual([first, ...rest]);
    });

    test('are what all manifests reference, whatever was pushed and deleted', async () => {
      const check = async (steps: readonly Step[], limit: number) => {
        const { store } = current;
        const model: Model = new Map();
        for (const taken of steps) await take(taken, model);
        const users = (repository: string, text: string) =>
          [...(model.get(repository)?.values() ?? [])].filter((blobs) => blobs.has(text)).length;
        for (const repository of repositories) {
          const used = texts.filter((text) => users(repository, text) > 0);
          const wanted = used.map((text) => ({
            digest: digestOf(text),
            size: text.length,
            images: users(repository, text),
            repositories: repositories.filter((name) => users(name, text) > 0).length,
          }));
          const sorted = wanted.toSorted((a, b) => b.size - a.size || (a.digest < b.digest ? -1 : 1));
          expect(await layersOf(repository, limit)).toEqual(sorted);
        }
        for (const { figure, kept, counted } of await store.inspection.compareTotals())
          expect({ figure, kept }).toEqual({ figure, kept: counted });
        for (const repository of repositories) await take({ kind: 'deleteRepository', repository, image: [] }, model);
      };
      const property = fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.integer({ min: 1, max: 4 }), check);
      await fc.assert(property, { numRuns: 25 });
    });
  });
}

/** Nothing is found where nothing is. */
function unlessUnknown(error: unknown): never[] {
  expect(error).toMatchObject({ code: expect.stringMatching(/_UNKNOWN$/) });
  return [];
}
