import { systemClock } from '@mcr/core';
import { beforeAll, describe, expect, test } from 'vitest';
import { useDoors } from '../_util/doors.ts';

const start = Date.UTC(2026, 0, 1);
const minute = 60_000;
const doors = useDoors();

interface Event {
  readonly id: number;
  readonly event_type: string;
  readonly at: string;
}

// Twelve events, one a minute: pushes and deletes by two actors in three repositories.
beforeAll(async () => {
  const events = Array.from({ length: 12 }, (_, at) => ({
    type: at % 4 === 3 ? ('manifest_deleted' as const) : ('manifest_pushed' as const),
    at: start + at * minute,
    actor: { id: at % 2 === 0 ? 'even' : 'odd', name: 'somebody', ip: '192.0.2.7' },
    repository: `team/${at % 3}`,
    digest: `sha256:${String(at).padStart(64, '0')}`,
    details: { at: String(at) },
  }));
  await doors().server.context.services.store.audit.append(events);
});

async function found(query: string): Promise<number[]> {
  const { status, body } = await doors().rest('admin').get(`/v1/audit?until=2026-01-02T00:00:00Z&${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body.map(({ details }: { details: { at: string } }) => Number(details.at));
}

describe('GET /v1/audit', () => {
  test('gives events as an array, newest first, with every fact', async () => {
    const { status, body } = await doors().rest('admin').get('/v1/audit?until=2026-01-01T00:01:00Z');
    expect(status).toBe(200);
    expect(body).toEqual([
      {
        id: expect.any(Number),
        event_type: 'manifest_pushed',
        at: '2026-01-01T00:00:00.000Z',
        actor: { id: 'even', name: 'somebody', ip: '192.0.2.7' },
        repository: 'team/0',
        digest: `sha256:${'0'.repeat(64)}`,
        details: { at: '0' },
      },
    ]);
    const all = (await doors().rest('admin').get('/v1/audit?n=1000')).body as Event[];
    const ids = all.map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted((a, b) => b - a));
  });

  test.each<[string, number[]]>([
    ['', [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]],
    ['event_type=manifest_deleted', [11, 7, 3]],
    ['event_type=tag_deleted', []],
    ['actor_id=odd', [11, 9, 7, 5, 3, 1]],
    ['actor_id=nobody', []],
    ['repository=team/1', [10, 7, 4, 1]],
    ['repository=team%2F1', [10, 7, 4, 1]],
    ['repository=team', []],
    ['since=2026-01-01T00:09:00Z', [11, 10, 9]],
    ['since=2026-01-01T01:09:00%2B01:00', [11, 10, 9]],
    ['since=2026-01-01T00:09:00.001Z', [11, 10]],
    ['n=2', [11, 10]],
    ['n=0', []],
    ['n=3&offset=4', [7, 6, 5]],
    ['offset=11', [0]],
    ['offset=12', []],
    ['actor_id=odd&repository=team/1&event_type=manifest_deleted', [7]],
    ['actor_id=odd&since=2026-01-01T00:05:00Z&n=2&offset=1', [9, 7]],
  ])('filtered by "%s" finds %j', async (query, expected) => {
    expect(await found(query)).toEqual(expected);
  });

  test('an account is found by name, and an unknown name is 404', async () => {
    const admin = doors().rest('admin');
    const byName = await admin.get('/v1/audit?actor=admin&n=2');
    expect(byName.status).toBe(200);
    expect(byName.body).toEqual((await admin.get(`/v1/audit?actor_id=${doors().id('admin')}&n=2`)).body);
    const unknown = await admin.get('/v1/audit?actor=nobody-like-it');
    expect(unknown).toMatchObject({ status: 404, body: { error: expect.stringContaining('unknown account') } });
  });

  test('a period ends before `until`', async () => {
    const query = 'since=2026-01-01T00:03:00Z&until=2026-01-01T00:05:00Z';
    const { body } = await doors().rest('admin').get(`/v1/audit?${query}`);
    expect(body.map(({ details }: { details: { at: string } }) => details.at)).toEqual(['4', '3']);
  });

  test.each(['', '&actor_id=even', '&repository=team/2&offset=1'])('walks all pages of "%s"', async (filter) => {
    const whole = await found(`n=1000${filter}`);
    for (const n of [1, 2, 5, 12]) {
      const pages = await doors().rest('admin').pages(`/v1/audit?until=2026-01-02T00:00:00Z&n=${n}${filter}`);
      const walked = pages.flat().map(({ details }: { details: { at: string } }) => Number(details.at));
      expect(walked).toEqual(whole);
    }
  });

  test.each([
    'event_type=pushed',
    'event_type=',
    'since=yesterday',
    'since=2026-01-01',
    'until=1767225600',
    'n=-1',
    'n=x',
    'offset=-1',
    'offset=x',
    'before=x',
    'event_type=login&event_type=logout',
  ])('refuses ?%s with 400', async (query) => {
    const { status, body } = await doors().rest('admin').get(`/v1/audit?${query}`);
    expect({ status, body }).toMatchObject({ status: 400, body: { error: expect.any(String) } });
  });

  test('has what happened just now in it, denials and the pull of a moment ago', async () => {
    await doors().rest('person').get('/v1/audit');
    const [event] = (await doors().rest('admin').get('/v1/audit?n=1')).body;
    expect(event).toMatchObject({
      event_type: 'policy_deny',
      actor: { id: doors().id('person'), name: 'person', ip: '127.0.0.1' },
      details: { action: 'read audit log', rule: 'admin role' },
    });
    expect(Math.abs(Date.parse(event.at) - systemClock.now())).toBeLessThan(minute);
  });
});
