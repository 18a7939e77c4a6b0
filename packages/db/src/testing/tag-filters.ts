import { digestOf, parseTag } from '@mcr/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TagFilter, TagOrder } from '../facets/tags.ts';
import { app, latest, other, push, start } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

const sigstore = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const orders: readonly TagOrder[] = ['name', 'version', 'updated', 'newest_version'];
const textOf = (...characters: string[]) => fc.string({ unit: fc.constantFrom(...characters), maxLength: 5 });

/** What a filter of names says, in other words than any store has them. */
function matches(name: string, { match, search = '' }: TagFilter): boolean {
  const signs: Record<string, string> = { '*': '.*', '?': '.' };
  const pattern = Array.from(match ?? '*', (it) => signs[it] ?? RegExp.escape(it)).join('');
  return new RegExp(`^${pattern}$`).test(name) && name.toLowerCase().includes(search.toLowerCase());
}

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

    test('has what patterns and parts of names say, whatever they consist of, in each order, and is counted so', async () => {
      const { store } = current;
      const names = [
        'a',
        'A',
        'b',
        'k',
        'K',
        '_',
        '__',
        'a_b',
        'A-B',
        'a.b',
        'a-',
        'ab',
        'aab',
        'abab',
        '1',
        '1.10',
        '1x10',
        '11',
      ];
      await push(store, app, 'one', { tags: tagsOf(...names) });
      const pattern = textOf('*', '?', '[', ']', '^', '!', '\\', '%', '_', '-', '.', 'a', 'b', 'A', '1', '\0');
      const part = textOf(
        '*',
        '?',
        '[',
        '%',
        '_',
        '\\',
        '-',
        '.',
        'a',
        'B',
        '1',
        '\0',
        '\u{212a}',
        '\u{130}',
        '\u{1f600}',
      );
      const filters = fc.record({ match: pattern, search: part }, { requiredKeys: [] });
      const check = async (filter: TagFilter) => {
        const left = names.filter((name) => matches(name, filter)).toSorted();
        for (const order of orders) {
          const tags = await store.tags.listDetails(app, { ...filter, order, limit: 50 });
          expect(tags.map(({ name }) => name).toSorted()).toEqual(left);
        }
        expect(await store.tags.count(app, { ...filter, limit: 50 })).toBe(left.length);
      };
      await fc.assert(fc.asyncProperty(filters, check), { numRuns: 60 });
    });

    test('goes on behind a thousand tags that do not match', async () => {
      const { store } = current;
      const names = Array.from({ length: 1_200 }, (_, at) => `a-${String(at).padStart(4, '0')}`);
      for (let at = 0; at < names.length; at += 100)
        await push(store, app, 'one', { tags: tagsOf(...names.slice(at, at + 100)) });
      await push(store, app, 'two', { tags: tagsOf('a') });
      const last = { name: 'a-1199', newest_version: 'a-0000', version: 'a-1199', updated: 'a-0000' };
      for (const order of orders) {
        for (const match of [last[order], 'a'])
          expect(await store.tags.listDetails(app, { match, order, limit: 2 })).toMatchObject([{ name: match }]);
        const all = await store.tags.listDetails(app, { match: '?*', order, limit: 3_000 });
        expect(new Set(all.map(({ name }) => name)).size).toBe(1_201);
      }
      const counts = { 'a-?*': 1_200, 'a-1199': 1, 'b*': 0 };
      for (const [match, count] of Object.entries(counts)) {
        expect(await store.tags.count(app, { match, limit: 3_000 })).toBe(count);
        expect(await store.tags.count(app, { match, limit: 7 })).toBe(Math.min(count, 7));
      }
    });

    test('is counted by all that a filter says', async () => {
      const { store } = current;
      const image = (name: string, platform: string, now: number) =>
        push(store, app, name, { tags: tagsOf(name), now, summary: { annotations: {}, platforms: [platform] } });
      const one = await image('one', 'linux/amd64', start);
      await image('two', 'linux/arm64/v8', start);
      await image('three', 'linux/amd64', start + 1);
      await push(store, app, 'signature', { subject: one, artifactType: sigstore });
      const count = (filter: TagFilter) => store.tags.count(app, { ...filter, limit: 10 });
      expect(await count({})).toBe(3);
      expect(await count({ updatedBefore: start + 1 })).toBe(2);
      expect(await count({ platform: 'linux/amd64' })).toBe(2);
      expect(await count({ platform: 'linux/arm64', match: 't*' })).toBe(1);
      expect(await count({ signed: true })).toBe(1);
      expect(await count({ signed: false, platform: 'linux/amd64' })).toBe(1);
      expect(await store.tags.count(app, { limit: 0 })).toBe(0);
      await expect(store.tags.count(other, { limit: 1 })).rejects.toMatchObject({ code: 'NAME_UNKNOWN' });
    });

    test('takes the text of platforms for what it is', async () => {
      const { store } = current;
      const odd = ['"', 'a"', '\\', 'a,b', '[', 'linux/%', 'x"linux/arm64', '\u{e9}', 'null'];
      for (const [at, platform] of odd.entries())
        await push(store, app, `image ${at}`, {
          tags: tagsOf(`t${at}`),
          summary: { annotations: {}, platforms: ['linux/amd64', platform] },
        });
      for (const [at, platform] of odd.entries()) expect(await found({ platform })).toEqual([`t${at}`]);
      for (const platform of ['linux/arm64', ',', '","', 'linux', 'amd64', '']) {
        const left = platform === 'linux' ? odd.length : 0;
        expect(await found({ platform })).toHaveLength(left);
      }
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
