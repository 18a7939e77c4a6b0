import { digestOf, isTag, parseRepositoryName } from '@mcr/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Page } from '../facets/shared.ts';
import { app, change, day, publish, push, reviewAll, rule, start } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

const letter = fc.constantFrom('a', 'b', 'y', 'z', '0', '1', '9');
const name = fc.array(letter, { minLength: 1, maxLength: 4 }).map((letters) => letters.join(''));
const tagName = fc
  .array(fc.constantFrom('a', 'z', 'A', 'Z', '0', '9', '_', '-', '.'), { minLength: 1, maxLength: 4 })
  .map((letters) => letters.join(''))
  .filter(isTag);
const pageSize = fc.integer({ min: 1, max: 4 });

/** Follows a list from its first to its last page, which must be the first that is not full. */
async function collect<Entry>(
  limit: number,
  list: (page: Page) => Promise<readonly Entry[]>,
  cursorOf: (entry: Entry) => string,
): Promise<Entry[]> {
  const all: Entry[] = [];
  for (;;) {
    const last = all.at(-1);
    const page = await list(last === undefined ? { limit } : { after: cursorOf(last), limit });
    expect(page.length).toBeLessThanOrEqual(limit);
    all.push(...page);
    if (page.length < limit) return all;
  }
}

/** Sorts as bytes, which for ASCII is as code units. */
function bytewise(values: Iterable<string>): string[] {
  return [...new Set(values)].toSorted((left, right) => (left < right ? -1 : 1));
}

export function paginationContract(current: CurrentStore): void {
  const itself = (value: string) => value;

  describe('pages concatenate to the whole list, in bytewise order', () => {
    test('of tags, tag records and manifests', async () => {
      const { store } = current;
      const pushed = new Set<string>();
      const scenario = fc.asyncProperty(fc.array(tagName, { maxLength: 6 }), pageSize, async (names, limit) => {
        for (const tag of names) await push(store, app, tag, { tags: [tag] });
        await push(store, app, 'untagged');
        for (const tag of names) pushed.add(tag);
        expect(await collect(limit, (page) => store.tags.list(app, page), itself)).toEqual(bytewise(pushed));
        const records = await collect(
          limit,
          (page) => store.tags.listRecords(app, page),
          (record) => record.name,
        );
        expect(records.map((record) => record.name)).toEqual(bytewise(pushed));
        const manifests = await collect(
          limit,
          (page) => store.manifests.list(app, page),
          ({ digest }) => digest,
        );
        const digests = [...pushed, 'untagged'].map((text) => digestOf(text));
        expect(manifests.map(({ digest }) => digest)).toEqual(bytewise(digests));
      });
      await fc.assert(scenario, { numRuns: 20 });
    });

    test('of repositories and their summaries', async () => {
      const { store } = current;
      const created = new Set<string>();
      const anyName = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
      const scenario = fc.asyncProperty(fc.array(anyName, { maxLength: 6 }), pageSize, async (names, limit) => {
        for (const text of names) await push(store, parseRepositoryName(text), 'manifest');
        for (const text of names) created.add(text);
        expect(await collect(limit, (page) => store.repositories.list(page), itself)).toEqual(bytewise(created));
        const list = (page: Page) => store.repositories.listSummaries({ ...page, search: 'a' });
        const summaries = await collect(limit, list, (summary) => summary.name);
        const wanted = [...created].filter((text) => text.includes('a'));
        expect(summaries.map((summary) => summary.name)).toEqual(bytewise(wanted));
      });
      await fc.assert(scenario, { numRuns: 20 });
    });

    test('of referrers, with and without a filter', async () => {
      const { store } = current;
      const subject = digestOf('image');
      const kinds = ['even', 'odd'];
      const texts = Array.from({ length: 11 }, (_, n) => `referrer ${n}`);
      const kindOf = (text: string) => kinds[texts.indexOf(text) % 2] ?? '';
      for (const text of texts) await push(store, app, text, { subject, artifactType: kindOf(text) });
      const scenario = fc.asyncProperty(fc.option(fc.constantFrom(...kinds)), pageSize, async (artifactType, limit) => {
        const filter = artifactType === null ? {} : { artifactType };
        const list = (page: Page) => store.manifests.listReferrers(app, subject, { ...page, ...filter });
        const found = await collect(limit, list, ({ digest }) => digest);
        const wanted = texts.filter((text) => artifactType === null || kindOf(text) === artifactType);
        expect(found.map(({ digest }) => digest)).toEqual(bytewise(wanted.map((text) => digestOf(text))));
      });
      await fc.assert(scenario, { numRuns: 12 });
    });

    test('of accounts', async () => {
      const { store } = current;
      const usernames = ['b', 'a-b', 'a.b', 'a0', 'a_b', '0', 'ab'];
      for (const username of usernames) {
        const account = { id: username, username, type: 'system', roles: [], passwordHash: 'x' } as const;
        await store.accounts.create({ ...change, account });
      }
      for (const limit of [1, 2, 7, 8]) {
        const found = await collect(
          limit,
          (page) => store.accounts.list(page),
          ({ username }) => username,
        );
        expect(found.map(({ username }) => username)).toEqual(bytewise(usernames));
      }
    });

    test('of trash and of audited blobs', async () => {
      const { store } = current;
      const locators = ['b', 'a/c', 'a/b', 'B', 'a'];
      for (const locator of locators) await publish(store, app, locator, { locator });
      const slices = (limit: number) =>
        collect(
          limit,
          (page) => store.gc.auditBlobs({ page, reviewAfter: start, now: start }),
          ({ locator }) => locator,
        );
      expect((await slices(2)).map(({ locator }) => locator)).toEqual(bytewise(locators));
      await reviewAll(store, start + day);
      const found = await collect(
        2,
        (page) => store.gc.listTrash(page),
        ({ locator }) => locator,
      );
      expect(found.map(({ locator }) => locator)).toEqual(bytewise(locators));
    });
  });

  describe('pages concatenate to the whole list', () => {
    test('of policy rules, by priority and id', async () => {
      const { store } = current;
      for (const priority of [2, 1, 2, 1, 3, 1]) await store.policy.createRule({ ...change, rule: rule({ priority }) });
      const whole = await store.policy.listRules();
      const list = ({ after, limit }: Page) =>
        store.policy.listRules({ limit, ...(after !== undefined && { after: JSON.parse(after) }) });
      for (const limit of [1, 2, 5]) {
        expect(await collect(limit, list, ({ priority, id }) => JSON.stringify({ priority, id }))).toEqual(whole);
      }
    });

    test('of runs of garbage collection, newest first', async () => {
      const { store } = current;
      const ids = ['b', 'a', 'd', 'c'];
      for (const id of ids) await store.gc.startRun({ ...change, id, reconcile: true, trigger: 'schedule' });
      const list = ({ after, limit }: Page) =>
        store.gc.listRuns(after === undefined ? { limit } : { before: after, limit });
      for (const limit of [1, 3]) {
        expect((await collect(limit, list, ({ id }) => id)).map(({ id }) => id)).toEqual(ids.toReversed());
      }
    });
  });
}
