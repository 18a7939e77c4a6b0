import { digestOf, parseTag } from '@mcr/core';
import { describe, expect, test } from 'vitest';
import type { TagFilter, TagOrder } from '../facets/tags.ts';
import { app, latest, other, push, start } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

const sigstore = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const tagsOf = (...names: string[]) => names.map((name) => parseTag(name));

/** Cases about which tags a list has, and what it says is attached. */
export function tagFilterContract(current: CurrentStore): void {
  /** Names that a filter leaves, in pages of each of these lengths, which agree. */
  const found = async (filter: TagFilter, order: TagOrder = 'name') => {
    const all: string[][] = [];
    for (const limit of [1, 2, 50]) {
      const names: string[] = [];
      for (let after = ''; ; ) {
        const page = await current.store.tags.listDetails(app, { ...filter, order, limit, after });
        names.push(...page.map(({ name }) => name));
        const last = page.at(-1);
        if (last === undefined || page.length < limit) break;
        after =
          order === 'updated'
            ? `${last.updatedAt} ${last.name}`
            : order === 'newest_version'
              ? `${last.newestTag} ${last.name}`
              : last.name;
      }
      all.push(names);
    }
    expect(all[1]).toEqual(all[0]);
    expect(all[2]).toEqual(all[0]);
    return all[0];
  };

  describe('a list of tags', () => {
    test('has those whose whole name matches a pattern, in which only * and ? mean anything', async () => {
      const { store } = current;
      await push(store, app, 'one', { tags: tagsOf('pr-1', 'pr-12', 'PR-3', 'pr_4', 'xpr-5', '1.10', '1x10', 'a_b') });
      expect(await found({ match: 'pr-*' })).toEqual(['pr-1', 'pr-12']);
      expect(await found({ match: 'pr-?' })).toEqual(['pr-1']);
      expect(await found({ match: '1.*' })).toEqual(['1.10']);
      expect(await found({ match: 'a_b' })).toEqual(['a_b']);
      expect(await found({ match: '*_*' })).toEqual(['a_b', 'pr_4']);
      expect(await found({ match: '*' })).toHaveLength(8);
      expect(await found({ match: 'pr-*', search: '2' })).toEqual(['pr-12']);
      expect(await found({ match: `${'*1'.repeat(40)}*` })).toEqual([]);
    });

    test('has those that changed before a time, in each order', async () => {
      const { store } = current;
      for (const [at, name] of ['1.10', '1.9', '1.8', '1.11'].entries()) {
        await push(store, app, name, { tags: tagsOf(name), now: start + at });
      }
      const before = { updatedBefore: start + 3 };
      expect(await found(before)).toEqual(['1.10', '1.8', '1.9']);
      expect(await found(before, 'version')).toEqual(['1.8', '1.9', '1.10']);
      expect(await found(before, 'updated')).toEqual(['1.8', '1.9', '1.10']);
      expect(await found({ updatedBefore: start }, 'updated')).toEqual([]);
    });

    test('has those of a platform, with whatever variant where none is asked for', async () => {
      const { store } = current;
      const image = (name: string, platforms?: string[]) =>
        push(store, app, name, {
          tags: tagsOf(name),
          ...(platforms !== undefined && { summary: { annotations: {}, platforms } }),
        });
      await image('arm', ['linux/amd64', 'linux/arm64/v8']);
      await image('arm6', ['linux/arm/v6']);
      await image('none', []);
      await image('unknown');
      expect(await found({ platform: 'linux/arm64' })).toEqual(['arm']);
      expect(await found({ platform: 'linux/arm' })).toEqual(['arm6']);
      expect(await found({ platform: 'linux/arm64/v8' })).toEqual(['arm']);
      expect(await found({ platform: 'linux/amd64/v2' })).toEqual([]);
    });

    test('has those with a signature, or those without, and tells what else is attached', async () => {
      const { store } = current;
      const image = (name: string) => push(store, app, name, { tags: tagsOf(name) });
      const [signed, tagged, plain] = [await image('signed'), await image('tagged'), await image('plain')];
      await push(store, app, 'signature', { subject: signed, artifactType: sigstore });
      await push(store, app, 'bill', { subject: signed, artifactType: 'application/spdx+json' });
      await push(store, app, 'report', { subject: plain, artifactType: 'application/sarif+json' });
      await push(store, app, 'nothing', { subject: plain });
      await push(store, app, 'old', { tags: tagsOf(`${tagged.replace(':', '-')}.sig`) });
      await push(store, other, 'elsewhere', { subject: plain, artifactType: sigstore });
      expect(await found({ signed: true })).toEqual(['signed', 'tagged']);
      expect(await found({ signed: false, search: 'pl' })).toEqual(['plain']);
      const tags = await store.tags.listDetails(app, { limit: 10 });
      expect(Object.fromEntries(tags.map(({ name, attached }) => [name, attached]))).toMatchObject({
        signed: ['signature', 'sbom'],
        tagged: ['signature'],
        plain: ['scan'],
      });
    });

    test('looks at no more than a hundred referrers of a manifest', async () => {
      const { store } = current;
      const subject = await push(store, app, 'image', { tags: [latest] });
      const names = Array.from({ length: 101 }, (_, at) => `referrer ${at}`);
      const last = names.toSorted((a, b) => (digestOf(a) < digestOf(b) ? -1 : 1)).at(-1);
      for (const name of names) {
        await push(store, app, name, { subject, ...(name === last && { artifactType: sigstore }) });
      }
      expect(await store.tags.listDetails(app, { limit: 1 })).toMatchObject([{ attached: [] }]);
    });
  });
}
