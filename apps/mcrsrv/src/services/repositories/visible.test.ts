import { parseRepositoryName, type RepositoryName } from '@mcr/core';
import type { Page } from '@mcr/db';
import { expect, test } from 'vitest';
import type { Caller } from '../caller.ts';
import { PolicySource } from '../policy/source.ts';
import { takeVisible } from './visible.ts';

const caller: Caller = {
  principal: { id: 'u', username: 'machine', accountType: 'system', roles: [] },
  ip: '127.0.0.1',
  requestId: 'r',
  expiresAt: Number.MAX_SAFE_INTEGER,
};
/** The caller may see what begins with `open`. */
const rule = {
  id: 1,
  priority: 1,
  description: '',
  effect: 'allow',
  roles: [],
  accountTypes: [],
  actions: ['registry:pull'],
  repositories: ['open*'],
  enabled: true,
  createdAt: 0,
  updatedAt: 0,
} as const;
const context = {
  policy: new PolicySource({
    policy: { ruleSet: async () => ({ version: 1, rules: [rule] }) },
    coordination: { versions: async () => ({ policy: 1, accounts: 1 }) },
  }),
};

/** Many more than one read has, between two that may be seen, and as many behind them. */
const hidden = (prefix: string): RepositoryName[] =>
  Array.from({ length: 25_000 }, (_, at) => parseRepositoryName(`${prefix}${String(at).padStart(5, '0')}`));
const visible = ['open-a', 'open-b', 'openz'].map(parseRepositoryName);
const names = [...visible, ...hidden('openly-not/hidden'), ...hidden('zz-hidden')].toSorted();

function reader() {
  const reads: Page[] = [];
  const read = async (page: Page): Promise<readonly RepositoryName[]> => {
    reads.push(page);
    const { after = '', limit } = page;
    const from = after === '' ? 0 : names.indexOf(parseRepositoryName(after)) + 1;
    return names.slice(from, from + limit);
  };
  return { reads, read };
}

const itself = (name: RepositoryName): RepositoryName => name;

test.each([1, 2, 3, 1_000])(
  'pages of %i have all that may be seen, and no cursor names anything else',
  async (limit) => {
    const seen: string[] = [];
    for (let after: string | undefined; ; ) {
      const { read } = reader();
      const page = { limit, ...(after !== undefined && { after }) };
      const { items, more, cursor } = await takeVisible(context, caller, page, read, itself);
      seen.push(...items);
      expect(items.length).toBe(Math.min(limit, visible.length - (seen.length - items.length)));
      if (!more) break;
      expect(cursor).toBe(items.at(-1));
      after = cursor;
    }
    expect(seen).toEqual(visible);
  },
);

test('what may not be seen is passed in few reads, between which others have their turn', async () => {
  const { read, reads } = reader();
  let turns = 0;
  const count = (): void => {
    turns += 1;
    next = setImmediate(count);
  };
  let next = setImmediate(count);
  await takeVisible(context, caller, { limit: 1, after: 'open-b' }, read, itself);
  clearImmediate(next);
  expect(reads.length).toBeLessThan(100);
  expect(turns).toBeGreaterThanOrEqual(reads.length - 1);
});
