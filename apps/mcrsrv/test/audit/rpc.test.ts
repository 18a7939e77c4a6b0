import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import { beforeAll, describe, expect, test } from 'vitest';
import { useDoors } from '../_util/doors.ts';
import { expectRefusal } from '../_util/rpc.ts';
import { rpcPages } from '../_util/rpc-pages.ts';

const start = Date.UTC(2026, 0, 1);
const minute = 60_000;
const doors = useDoors();
const audit = () => doors().rpc('admin').audit;
const until = timestampFromMs(start + 60 * minute);
const after = (minutes: number, nanos = 0) => {
  const time = timestampFromMs(start + minutes * minute);
  return { seconds: time.seconds, nanos };
};

// Twelve events, one a minute: pushes and deletes by two actors in three repositories.
beforeAll(async () => {
  const events = Array.from({ length: 12 }, (_, at) => ({
    type: at % 4 === 3 ? ('manifest_deleted' as const) : ('manifest_pushed' as const),
    at: start + at * minute,
    actor: at === 0 ? {} : { id: at % 2 === 0 ? 'even' : 'odd', name: 'somebody', ip: '192.0.2.7' },
    ...(at !== 0 && { repository: `team/${at % 3}`, digest: `sha256:${String(at).padStart(64, '0')}` }),
    details: { at: String(at) },
  }));
  await doors().server.context.services.store.audit.append(events);
});

describe('ListAuditEvents', () => {
  test('gives every fact, and leaves out what is not known', async () => {
    const { events } = await audit().listAuditEvents({ until: after(2) });
    expect(events).toHaveLength(2);
    const [later, first] = events;
    expect(later).toMatchObject({
      eventType: 'manifest_pushed',
      actor: { id: 'odd', name: 'somebody', ip: '192.0.2.7' },
      repository: 'team/1',
      digest: expect.stringMatching(/1$/),
      details: { at: '1' },
    });
    expect(timestampMs(later!.at!)).toBe(start + minute);
    expect(first?.repository).toBeUndefined();
    expect(first?.digest).toBeUndefined();
    expect(first?.actor?.id).toBeUndefined();
    expect(later!.id).toBeGreaterThan(first!.id);
  });

  test.each<[string, object, number[]]>([
    ['nothing', {}, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]],
    ['type', { eventType: 'manifest_deleted' }, [11, 7, 3]],
    ['actor', { actorId: 'odd' }, [11, 9, 7, 5, 3, 1]],
    ['repository', { repository: 'team/1' }, [10, 7, 4, 1]],
    ['begin', { since: after(9) }, [11, 10, 9]],
    ['a begin a nanosecond later', { since: after(9, 1) }, [11, 10]],
    ['period', { since: after(3), until: after(5) }, [4, 3]],
    ['a period that ends a nanosecond later', { since: after(3), until: after(5, 1) }, [5, 4, 3]],
    ['all of them', { eventType: 'manifest_deleted', actorId: 'odd', repository: 'team/1', since: after(1) }, [7]],
    ['a type that did not happen', { eventType: 'tag_deleted' }, []],
  ])('filters by %s, page by page', async (_name, filter, expected) => {
    for (const pageSize of [0, 1, 5]) {
      const pages = await rpcPages((pageToken) => audit().listAuditEvents({ until, ...filter, pageSize, pageToken }));
      const found = pages.flatMap(({ events }) => events.map(({ details }) => Number(details['at'])));
      expect(found).toEqual(expected);
    }
  });

  test('finds an account by name: a local one, and one that only events know', async () => {
    const { store } = doors().server.context.services;
    const event = (name: string, id: string) =>
      ({ type: 'login', at: start + 24 * 60 * minute, actor: { name, id }, details: {} }) as const;
    await store.audit.append([event('of-mcias', 'id-there'), event('admin', doors().id('admin'))]);
    const since = after(24 * 60 - 1);
    const found = async (actor: string) =>
      (await audit().listAuditEvents({ actor, since, until: after(24 * 60 + 1) })).events.map((it) => it.actor?.id);
    expect(await found('of-mcias')).toEqual(['id-there']);
    expect(await found('admin')).toEqual([doors().id('admin')]);
    expect(await found(doors().id('admin').toUpperCase())).toEqual([doors().id('admin')]);
    await expectRefusal(audit().listAuditEvents({ actor: 'nobody-like-it' }), Code.NotFound, 'NOT_FOUND');
    const both = audit().listAuditEvents({ actor: 'admin', actorId: 'odd' });
    await expectRefusal(both, Code.InvalidArgument, 'PARAMETER_INVALID');
  });

  test('takes times from the beginning to the end of the calendar', async () => {
    const since = { seconds: -62_135_596_800n, nanos: 0 };
    const end = { seconds: 253_402_300_799n, nanos: 999_999_999 };
    expect((await audit().listAuditEvents({ since, until: end, pageSize: 1000 })).events.length).toBeGreaterThan(12);
    const beyond = { seconds: 2n ** 63n - 1n, nanos: 2 ** 31 - 1 };
    expect((await audit().listAuditEvents({ since: beyond })).events).toEqual([]);
  });

  test.each<[string, object, string]>([
    ['an unknown type', { eventType: 'pushed' }, 'event_type'],
    ['an empty type', { eventType: '' }, 'event_type'],
    ['a long actor', { actorId: 'x'.repeat(129) }, 'actor_id'],
    ['a long repository', { repository: 'x'.repeat(257) }, 'repository'],
    ['a negative page', { pageSize: -1 }, 'page_size'],
    ['a token that is none', { pageToken: '%' }, 'page_token'],
    ['a token of another list', { pageToken: 'bGF0ZXN0' }, 'page_token'],
  ])('refuses %s', async (_name, filter, field) => {
    const message = await expectRefusal(audit().listAuditEvents(filter), Code.InvalidArgument, 'PARAMETER_INVALID');
    expect(message).toContain(field);
  });

  test('has the denial of a moment ago in it', async () => {
    await expectRefusal(doors().rpc('person').audit.listAuditEvents({}), Code.PermissionDenied, 'DENIED');
    const { events } = await audit().listAuditEvents({ pageSize: 1 });
    expect(events[0]).toMatchObject({
      eventType: 'policy_deny',
      actor: { id: doors().id('person'), name: 'person', ip: '127.0.0.1' },
      details: { action: 'read audit log', rule: 'admin role' },
    });
  });
});
