import { type AuditEvent, type AuditEventType, digestOf, parseDigest, parseTag } from '@mcr/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AuditFilter, StoredAuditEvent } from '../facets/audit.ts';
import { ada, app, change, day, lastEvent, other, push, start } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

const types: AuditEventType[] = ['login', 'manifest_pulled', 'policy_deny'];
const repositories = [app, other];
const actorIds = [ada.id, 'bob'];
const tags = [parseTag('latest'), parseTag('1.0')];
// The last two begin alike, which is where an index of the beginning does not suffice.
const digests = [digestOf('one'), digestOf('two'), parseDigest(`${digestOf('two').slice(0, -1)}0`)];
const time = fc.integer({ min: start, max: start + 9 });

const details = fc.oneof(
  fc.dictionary(fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 }), { maxKeys: 2 }),
  fc.record({ tag: fc.constantFrom(...tags) }),
  fc.record({ reference: fc.constantFrom(...tags, ...digests) }),
);

const anyEvent: fc.Arbitrary<AuditEvent> = fc.record(
  {
    type: fc.constantFrom(...types),
    at: time,
    actor: fc.record({ id: fc.constantFrom(...actorIds) }, { requiredKeys: [] }),
    repository: fc.constantFrom(...repositories),
    digest: fc.constantFrom(...digests),
    details,
  },
  { requiredKeys: ['type', 'at', 'actor', 'details'] },
);

const anyFilter = fc
  .record(
    {
      type: fc.constantFrom(...types),
      actorId: fc.constantFrom(...actorIds),
      repository: fc.constantFrom(...repositories),
      repositories: fc.subarray([...repositories, 'nothing/here']),
      tag: fc.constantFrom(...tags),
      digest: fc.constantFrom(...digests),
      since: time,
      until: time,
      before: fc.nat({ max: 45 }),
      offset: fc.nat({ max: 5 }),
      limit: fc.nat({ max: 30 }),
    },
    { requiredKeys: ['limit'] },
  )
  .map(({ repositories: several, repository, tag, ...filter }): AuditFilter => {
    if (several !== undefined) return { ...filter, repositories: several };
    if (repository === undefined) return filter;
    return tag === undefined ? { ...filter, repository } : { ...filter, repository, tag };
  });

/** What the filter says, in the simplest words. */
function select(events: readonly StoredAuditEvent[], filter: AuditFilter): StoredAuditEvent[] {
  const {
    type,
    actorId,
    repository,
    repositories,
    tag,
    digest,
    since = 0,
    until = Infinity,
    before = Infinity,
    offset = 0,
    limit,
  } = filter;
  return events
    .filter((event) => type === undefined || event.type === type)
    .filter((event) => actorId === undefined || event.actor.id === actorId)
    .filter((event) => repository === undefined || event.repository === repository)
    .filter((event) => tag === undefined || [event.details['tag'], event.details['reference']].includes(tag))
    .filter((event) => digest === undefined || event.digest === digest)
    .filter(({ repository: name = '' }) => repositories === undefined || repositories.includes(name))
    .filter((event) => event.at >= since && event.at < until && event.id < before)
    .slice(offset, offset + limit);
}

export function auditContract(current: CurrentStore): void {
  describe('audit log', () => {
    test('an event comes back as it was written', async () => {
      const { store } = current;
      const event: AuditEvent = {
        type: 'manifest_pulled',
        at: start,
        actor: ada,
        repository: app,
        digest: digestOf('manifest'),
        details: { tag: 'latest', user_agent: 'docker/29 "ü"\n' },
      };
      const bare: AuditEvent = { type: 'login_failed', at: start + 1, actor: {}, details: {} };
      await store.audit.append([event, bare]);
      const events = await store.audit.list({ limit: 10 });
      expect(events).toEqual([bare, event].map((written) => ({ ...written, id: expect.any(Number) })));
    });

    test('the repositories that events name are listed by prefix', async () => {
      const { store } = current;
      const names = ['team/b', 'team/a', 'team/a/x', 'team', 'team-x/a', 'tean/a', 'team/b'];
      const event = { type: 'manifest_pulled', at: start, actor: {}, details: {} } as const;
      await store.audit.append([event, ...names.map((repository) => ({ ...event, repository }))]);
      expect(await store.audit.repositories({ prefix: 'team/', limit: 10 })).toEqual(['team/a', 'team/a/x', 'team/b']);
      expect(await store.audit.repositories({ prefix: 'team/', limit: 2 })).toEqual(['team/a', 'team/a/x']);
      expect(await store.audit.repositories({ prefix: 'none/', limit: 2 })).toEqual([]);
    });

    test('no events are nothing to write', async () => {
      await current.store.audit.append([]);
      expect(await current.store.audit.list({ limit: 10 })).toEqual([]);
    });

    test('filters select, newest first, whatever they are combined with', async () => {
      const { store } = current;
      const events = fc.sample(anyEvent, { numRuns: 40, seed: 7 });
      await store.audit.append(events);
      const all = await store.audit.list({ limit: 1000 });
      expect(all).toHaveLength(events.length);
      await fc.assert(
        fc.asyncProperty(anyFilter, async (filter) => {
          expect(await store.audit.list(filter)).toEqual(select(all, filter));
        }),
      );
    });

    test('pages by id concatenate to the whole log, also while events come in', async () => {
      const { store } = current;
      await store.audit.append(fc.sample(anyEvent, { numRuns: 10, seed: 8 }));
      const all = await store.audit.list({ limit: 1000 });
      const pages: StoredAuditEvent[] = [];
      for (let before: number | undefined; ; before = pages.at(-1)?.id) {
        const page = await store.audit.list({ limit: 3, ...(before !== undefined && { before }) });
        if (page.length === 0) break;
        pages.push(...page);
        await store.audit.append(fc.sample(anyEvent, { numRuns: 1, seed: 9 }));
      }
      expect(pages).toEqual(all);
    });

    test('old events are listed from the oldest, and are gone once they are said to be in a file', async () => {
      const { store } = current;
      const event = { type: 'manifest_pulled', actor: ada, details: {} } as const;
      await store.audit.append([5, 3, 3, 9].map((at) => ({ ...event, at: start + at })));
      const list = (after?: Pick<StoredAuditEvent, 'at' | 'id'>) =>
        store.audit.listExpired({ before: start + 9, limit: 2, ...(after && { after }) });
      const first = await list();
      const rest = await list(first.at(-1));
      expect([...first, ...rest].map(({ at, id }) => [at - start, id])).toEqual([
        [3, 2],
        [3, 3],
        [5, 1],
      ]);
      expect(await list(rest.at(-1))).toEqual([]);

      await store.audit.delete({ ...change, ids: [2, 3, 3, 77], file: 'audit-2026-01.jsonl' });
      expect((await store.audit.list({ limit: 10 })).map(({ id }) => id)).toEqual([5, 4, 1]);
      const details = { events: '2', file: 'audit-2026-01.jsonl' };
      expect(await lastEvent(store)).toEqual({ type: 'audit_exported', details });
      await store.audit.delete({ ...change, ids: [], file: 'nothing' });
      expect(await lastEvent(store)).toMatchObject({ details });
    });

    test('deletions of blobs stay, since fsck asks for them', async () => {
      const { store } = current;
      await store.audit.append([{ type: 'blob_deleted', at: start, actor: ada, details: {} }]);
      expect(await store.audit.listExpired({ before: start + 1, limit: 10 })).toEqual([]);
    });

    test('the names of actors lead to the id that each had last', async () => {
      const { store } = current;
      const event = (id: string | undefined, name: string) =>
        ({ type: 'login', at: start, actor: { name, ...(id !== undefined && { id }) }, details: {} }) as const;
      await store.audit.append([event('id-1', 'ann'), event('id-2', 'bob'), event(undefined, 'mallory')]);
      expect(await store.audit.findActorId('ann')).toBe('id-1');
      await store.audit.append([event('id-3', 'ann')]);
      expect(await store.audit.findActorId('ann')).toBe('id-3');
      expect(await store.audit.findActorId('bob')).toBe('id-2');
      expect(await store.audit.findActorId('mallory')).toBeUndefined();
    });

    test('activity counts the events of each day', async () => {
      const { store } = current;
      const today = start / day;
      await push(store, app, 'one');
      await push(store, app, 'two', { now: start + day - 1 });
      await push(store, app, 'three', { now: start + day });
      const pushes = (at: number, n: number) => ({ day: at, type: 'manifest_pushed', n });
      expect(await store.audit.activity({ sinceDay: today })).toEqual([pushes(today, 2), pushes(today + 1, 1)]);
      expect(await store.audit.activity({ sinceDay: today + 1 })).toEqual([pushes(today + 1, 1)]);
    });
  });
}
