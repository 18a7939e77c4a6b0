import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import { systemClock } from '@mcr/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { useAdminApi } from '../_util/admin-api.ts';
import { expectRejection, type RpcClients } from '../_util/rpc.ts';
import { rpcPages } from '../_util/rpc-pages.ts';
import { families } from '../_util/transports.ts';

type Filter = Parameters<RpcClients['audit']['listAuditEvents']>[0];

const start = Date.UTC(2026, 0, 1);
const minute = 60_000;
const api = useAdminApi();
const until = timestampFromMs(start + 60 * minute);
const after = (minutes: number, nanos = 0) => ({ ...timestampFromMs(start + minutes * minute), nanos });

// Twelve events, one a minute: pushes and deletes by two actors in three repositories, the first by no one in none.
beforeAll(async () => {
  const events = Array.from({ length: 12 }, (_, at) => ({
    type: at % 4 === 3 ? ('manifest_deleted' as const) : ('manifest_pushed' as const),
    at: start + at * minute,
    actor: at === 0 ? {} : { id: at % 2 === 0 ? 'even' : 'odd', name: 'grace', ip: '192.0.2.7' },
    ...(at !== 0 && { repository: `team/${at % 3}`, digest: `sha256:${String(at).padStart(64, '0')}` }),
    details: { at: String(at), ...(at % 5 === 0 && { tag: 'v1' }), ...(at === 7 && { reference: 'v1' }) },
  }));
  const { store } = api().server.context.services;
  await store.audit.append(events);
  const login = (name: string, id: string) =>
    ({ type: 'login', at: start + 24 * 60 * minute, actor: { name, id }, details: {} }) as const;
  await store.audit.append([login('of-mcias', 'id-there'), login('admin', api().id('admin'))]);
});

describe.each(families)('the audit log over %s', (transport) => {
  const audit = () => api().over(transport).audit;

  test('gives every fact, newest first, and leaves out what is not known', async () => {
    const { events } = await audit().listAuditEvents({ until: after(2) });
    expect(events).toHaveLength(2);
    const [{ $typeName: _, at, ...later }, first] = events as [(typeof events)[0], (typeof events)[0]];
    expect(later).toEqual({
      id: expect.any(BigInt),
      eventType: 'manifest_pushed',
      actor: expect.objectContaining({ id: 'odd', name: 'grace', ip: '192.0.2.7' }),
      repository: 'team/1',
      digest: `sha256:${'1'.padStart(64, '0')}`,
      details: { at: '1' },
    });
    expect(timestampMs(at!)).toBe(start + minute);
    expect([first.repository, first.digest, first.actor?.id]).toEqual([undefined, undefined, undefined]);
    const ids = (await audit().listAuditEvents({ pageSize: 1_000 })).events.map(({ id }) => Number(id));
    expect(ids).toEqual(ids.toSorted((a, b) => b - a));
  });

  test.each<[string, Filter, number[]]>([
    ['nothing', {}, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]],
    ['type', { eventType: 'manifest_deleted' }, [11, 7, 3]],
    ['a type that did not happen', { eventType: 'tag_deleted' }, []],
    ['actor', { actorId: 'odd' }, [11, 9, 7, 5, 3, 1]],
    ['an actor that did nothing', { actorId: 'anonymous' }, []],
    ['repository', { repository: 'team/1' }, [10, 7, 4, 1]],
    ['the beginning of a repository', { repository: 'team' }, []],
    ['tag', { repository: 'team/1', tag: 'v1' }, [10, 7]],
    ['tag and type', { repository: 'team/1', tag: 'v1', eventType: 'manifest_deleted' }, [7]],
    ['tag and actor', { repository: 'team/1', tag: 'v1', actorId: 'even' }, [10]],
    ['a tag of no event', { repository: 'team/1', tag: 'v2' }, []],
    ['digest', { digest: `sha256:${'7'.padStart(64, '0')}` }, [7]],
    ['digest and others', { digest: `sha256:${'7'.padStart(64, '0')}`, repository: 'team/2' }, []],
    ['begin', { since: after(9) }, [11, 10, 9]],
    ['a begin a millisecond later', { since: after(9, 1_000_000) }, [11, 10]],
    ['period, which ends before its end', { since: after(3), until: after(5) }, [4, 3]],
    ['all of them', { eventType: 'manifest_deleted', actorId: 'odd', repository: 'team/1', since: after(1) }, [7]],
    ['offset', { offset: 11 }, [0]],
    ['an offset beyond the end', { offset: 12 }, []],
    ['an offset with others', { actorId: 'odd', since: after(5), offset: 1 }, [9, 7, 5]],
  ])('filters by %s, page by page', async (_name, filter, expected) => {
    for (const pageSize of [0, 1, 2, 5, 12]) {
      const pages = await rpcPages((pageToken) => {
        const onlyOnce = 'offset' in filter && pageToken !== '' ? { offset: 0 } : {};
        return audit().listAuditEvents({ until, ...filter, ...onlyOnce, pageSize, pageToken });
      });
      const found = pages.flatMap(({ events }) => events.map(({ details }) => Number(details['at'])));
      expect(found, `pages of ${pageSize}`).toEqual(expected);
      if (pageSize === 2) expect(pages[0]!.events.length).toBe(Math.min(2, expected.length));
    }
  });

  test('finds an account by name: a local one, and one that only events know', async () => {
    const period = { since: after(24 * 60 - 1), until: after(24 * 60 + 1) };
    const found = async (actor: string) =>
      (await audit().listAuditEvents({ actor, ...period })).events.map((it) => it.actor?.id);
    expect(await found('of-mcias')).toEqual(['id-there']);
    expect(await found('admin')).toEqual([api().id('admin')]);
    expect(await found(api().id('admin').toUpperCase())).toEqual([api().id('admin')]);
    const byName = await audit().listAuditEvents({ actor: 'admin', pageSize: 2 });
    const byId = await audit().listAuditEvents({ actorId: api().id('admin'), pageSize: 2 });
    expect(byName.events).toEqual(byId.events);
    const unknown = audit().listAuditEvents({ actor: 'no-such-actor' });
    expect(await expectRejection(unknown, Code.NotFound, 'NOT_FOUND')).toContain('unknown account');
    const both = audit().listAuditEvents({ actor: 'admin', actorId: 'odd' });
    await expectRejection(both, Code.InvalidArgument, 'PARAMETER_INVALID');
  });

  test.each<[string, Filter, string]>([
    ['an unknown type', { eventType: 'pushed' }, 'event_type'],
    ['an empty type', { eventType: '' }, 'event_type'],
    ['a long actor', { actorId: 'x'.repeat(129) }, 'actor_id'],
    ['a long repository', { repository: 'x'.repeat(257) }, 'repository'],
    ['a negative offset', { offset: -1 }, 'offset'],
    ['a negative page', { pageSize: -1 }, transport === 'REST' ? 'n' : 'page_size'],
  ])('rejects %s', async (_name, filter, field) => {
    const message = await expectRejection(audit().listAuditEvents(filter), Code.InvalidArgument, 'PARAMETER_INVALID');
    expect(message).toContain(field);
  });

  test('has the denial of a moment ago in it', async () => {
    const denied = api().over(transport, 'person').audit.listAuditEvents({});
    await expectRejection(denied, Code.PermissionDenied, 'DENIED');
    const { events } = await audit().listAuditEvents({ pageSize: 1 });
    expect(events[0]).toMatchObject({
      eventType: 'policy_deny',
      actor: { id: api().id('person'), name: 'person', ip: '127.0.0.1' },
      details: { action: 'read audit log', rule: 'admin role' },
    });
    expect(Math.abs(timestampMs(events[0]!.at!) - systemClock.now())).toBeLessThan(minute);
  });
});

describe('the audit log over gRPC alone', () => {
  const audit = () => api().rpc('admin').audit;

  test.each<[string, Filter, number[]]>([
    ['a begin a nanosecond later', { since: after(9, 1) }, [11, 10]],
    ['a period that ends a nanosecond later', { since: after(3), until: after(5, 1) }, [5, 4, 3]],
  ])('filters by %s', async (_name, filter, expected) => {
    const { events } = await audit().listAuditEvents({ until, ...filter });
    expect(events.map(({ details }) => Number(details['at']))).toEqual(expected);
  });

  test('takes times from the beginning to the end of the calendar', async () => {
    const since = { seconds: -62_135_596_800n, nanos: 0 };
    const end = { seconds: 253_402_300_799n, nanos: 999_999_999 };
    expect((await audit().listAuditEvents({ since, until: end, pageSize: 1000 })).events.length).toBeGreaterThan(12);
  });

  test.each(['%', 'bGF0ZXN0'])('rejects the token %s', async (pageToken) => {
    const call = audit().listAuditEvents({ pageToken });
    expect(await expectRejection(call, Code.InvalidArgument, 'PARAMETER_INVALID')).toContain('page_token');
  });
});

test('a time beyond the calendar, which JSON cannot write, is later than all events', async () => {
  const beyond = { seconds: 2n ** 63n - 1n, nanos: 2 ** 31 - 1 };
  expect((await api().rpc('admin').audit.listAuditEvents({ since: beyond })).events).toEqual([]);
});

describe('the audit log over REST alone', () => {
  const list = async (query: string) => {
    const { status, body } = await api().rest('admin').get(`/v1/audit?until=2026-01-01T01:00:00Z&${query}`);
    return { status, found: status === 200 ? body.map((it: { details: { at: string } }) => it.details.at) : body };
  };

  test('is an array of events', async () => {
    const { body } = await api().rest('admin').get('/v1/audit?until=2026-01-01T00:02:00Z&n=1');
    expect(body).toEqual([
      {
        id: expect.any(Number),
        event_type: 'manifest_pushed',
        at: '2026-01-01T00:01:00.000Z',
        actor: { id: 'odd', name: 'grace', ip: '192.0.2.7' },
        repository: 'team/1',
        digest: `sha256:${'1'.padStart(64, '0')}`,
        details: { at: '1' },
      },
    ]);
  });

  test.each([
    ['repository=team/1', ['10', '7', '4', '1']],
    ['repository=team%2F1', ['10', '7', '4', '1']],
    ['since=2026-01-01T00:09:00Z', ['11', '10', '9']],
    ['since=2026-01-01T01:09:00%2B01:00', ['11', '10', '9']],
    ['since=2026-01-01T00:09:00.001Z', ['11', '10']],
    ['n=0', []],
    ['n=3&offset=4', ['7', '6', '5']],
  ])('finds by ?%s', async (query, expected) => {
    expect(await list(query)).toEqual({ status: 200, found: expected });
  });

  test.each([
    'event_type=',
    'since=yesterday',
    'since=2026-01-01',
    'until=1767225600',
    'n=-1',
    'n=x',
    'offset=x',
    'before=x',
    'event_type=login&event_type=logout',
  ])('rejects ?%s with 400', async (query) => {
    const { status, body } = await api().rest('admin').get(`/v1/audit?${query}`);
    expect({ status, body }).toMatchObject({ status: 400, body: { error: expect.any(String) } });
  });
});
