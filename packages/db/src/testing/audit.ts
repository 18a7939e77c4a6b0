import { type AuditEvent, type AuditEventType, digestOf } from '@mcr/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AuditFilter, StoredAuditEvent } from '../metadata-store.ts';
import { ada, app, other, start } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

const types: AuditEventType[] = ['login', 'manifest_pulled', 'policy_deny'];
const repositories = [app, other];
const actorIds = [ada.id, 'bob'];
const time = fc.integer({ min: start, max: start + 9 });

const anyEvent: fc.Arbitrary<AuditEvent> = fc.record(
  {
    type: fc.constantFrom(...types),
    at: time,
    actor: fc.record({ id: fc.constantFrom(...actorIds) }, { requiredKeys: [] }),
    repository: fc.constantFrom(...repositories),
    details: fc.dictionary(fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 }), { maxKeys: 2 }),
  },
  { requiredKeys: ['type', 'at', 'actor', 'details'] },
);

const anyFilter = fc.record(
  {
    type: fc.constantFrom(...types),
    actorId: fc.constantFrom(...actorIds),
    repository: fc.constantFrom(...repositories),
    since: time,
    until: time,
    before: fc.nat({ max: 30 }),
    offset: fc.nat({ max: 5 }),
    limit: fc.nat({ max: 30 }),
  },
  { requiredKeys: ['limit'] },
);

/** What the filter says, in the simplest words. */
function select(events: readonly StoredAuditEvent[], filter: AuditFilter): StoredAuditEvent[] {
  const { type, actorId, repository, since = 0, until = Infinity, before = Infinity, offset = 0, limit } = filter;
  return events
    .filter((event) => type === undefined || event.type === type)
    .filter((event) => actorId === undefined || event.actor.id === actorId)
    .filter((event) => repository === undefined || event.repository === repository)
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
      await store.appendAuditEvents([event, bare]);
      const events = await store.listAuditEvents({ limit: 10 });
      expect(events).toEqual([bare, event].map((written) => ({ ...written, id: expect.any(Number) })));
    });

    test('no events are nothing to write', async () => {
      await current.store.appendAuditEvents([]);
      expect(await current.store.listAuditEvents({ limit: 10 })).toEqual([]);
    });

    test('filters select, newest first, whatever they are combined with', async () => {
      const { store } = current;
      const events = fc.sample(anyEvent, { numRuns: 25, seed: 7 });
      await store.appendAuditEvents(events);
      const all = await store.listAuditEvents({ limit: 1000 });
      expect(all).toHaveLength(events.length);
      await fc.assert(
        fc.asyncProperty(anyFilter, async (filter) => {
          expect(await store.listAuditEvents(filter)).toEqual(select(all, filter));
        }),
      );
    });

    test('pages by id concatenate to the whole log, also while events come in', async () => {
      const { store } = current;
      await store.appendAuditEvents(fc.sample(anyEvent, { numRuns: 10, seed: 8 }));
      const all = await store.listAuditEvents({ limit: 1000 });
      const pages: StoredAuditEvent[] = [];
      for (let before: number | undefined; ; before = pages.at(-1)?.id) {
        const page = await store.listAuditEvents({ limit: 3, ...(before !== undefined && { before }) });
        if (page.length === 0) break;
        pages.push(...page);
        await store.appendAuditEvents(fc.sample(anyEvent, { numRuns: 1, seed: 9 }));
      }
      expect(pages).toEqual(all);
    });
  });
}
