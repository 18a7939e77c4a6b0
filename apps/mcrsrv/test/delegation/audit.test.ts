import type { AuditEvent } from '@mcr/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDelegationWorld, type DelegationWorld, denied, succeeded } from './_world.ts';

const start = Date.UTC(2026, 0, 1);
let world: DelegationWorld;
beforeAll(async () => {
  world = await createDelegationWorld();
  const places = [
    'team-x/app',
    'team-y/app',
    'team-x',
    'team-x2/app',
    'team-x/gone/deep',
    undefined,
    'team-x/app',
    'prod/app',
  ];
  const events = places.map(
    (repository, at): AuditEvent => ({
      digest: `sha256:${'d'.repeat(64)}`,
      type: at % 2 === 0 ? 'manifest_pulled' : 'manifest_pushed',
      at: start + at * 1_000,
      actor: { id: at < 4 ? 'early' : 'late', name: at < 4 ? 'early-bird' : 'owl' },
      details: { n: String(at), reference: 'v1' },
      ...(repository !== undefined && { repository }),
    }),
  );
  const { audit } = world.server.context.services.store;
  await audit.append(events);
  await audit.append([
    { type: 'blob_mounted', at: start, actor: {}, repository: 'team-x/app', details: { from: 'prod/app', n: 'm1' } },
    {
      type: 'blob_mounted',
      at: start,
      actor: {},
      repository: 'team-x/app',
      details: { from: 'team-x/base/app', n: 'm2' },
    },
  ]);
});
afterAll(() => world?.[Symbol.asyncDispose]());

interface Event {
  readonly repository?: string;
  readonly details: Readonly<Record<string, string>>;
}
const until = `until=${new Date(start + 60_000).toISOString()}`;
const numbers = (events: readonly Event[]) => events.map(({ details }) => details['n']);
const read = async (query = ''): Promise<Event[]> => succeeded(await world.as.ann.get(`/v1/audit?${until}${query}`));

describe('a delegate reads the audit log', () => {
  test('of the repositories within the scope, deleted ones among them, and nothing else', async () => {
    expect(numbers(await read())).toEqual(['m2', 'm1', '6', '4', '0']);
    const whole: Event[] = (await world.as.ann.pages('/v1/audit?n=100')).flat();
    expect(whole.length).toBeGreaterThan(10);
    for (const { repository } of whole) expect(repository).toMatch(/^team-x\//);
  });

  test('page by page, whatever happens elsewhere in between', async () => {
    const pages = await world.as.ann.pages(`/v1/audit?n=2&${until}`);
    expect(pages.map(numbers)).toEqual([['m2', 'm1'], ['6', '4'], ['0']]);
  });

  test('with filters, none of which leads beyond it', async () => {
    expect(numbers(await read('&event_type=manifest_pulled'))).toEqual(['6', '4', '0']);
    expect(numbers(await read('&event_type=manifest_pushed'))).toEqual([]);
    expect(numbers(await read('&actor=owl'))).toEqual(['6', '4']);
    expect(numbers(await read('&actor_id=early'))).toEqual(['0']);
    expect(numbers(await read('&repository=team-x/gone/deep'))).toEqual(['4']);
    expect(numbers(await read('&repository=team-x/never'))).toEqual([]);
    // The same digest is elsewhere, too.
    expect(numbers(await read(`&digest=sha256:${'d'.repeat(64)}`))).toEqual(['6', '4', '0']);
    expect(numbers(await read('&repository=team-x/app&tag=v1'))).toEqual(['6', '0']);
    // An account that is unknown, and one with events elsewhere, are the same.
    expect(await read('&actor=no-such-account')).toEqual([]);
    expect(await read('&actor=carl')).toEqual([]);
    for (const repository of ['prod/app', 'team-y/app', 'team-x', 'team-x2/app', 'no/such'])
      expect(denied(await world.as.ann.get(`/v1/audit?repository=${repository}`))).toBe(
        `Your delegation is for team-x/**: it does not cover "${repository}"`,
      );
    expect(denied(await world.as.ann.get('/v1/audit?repository=prod/app&tag=v1'))).toMatch(
      /does not cover "prod\/app"$/,
    );
    for (const wrong of ['offset=1', 'tag=v1', 'repository=team-x/app&tag=a:b', 'digest=sha256:abc'])
      expect((await world.as.ann.get(`/v1/audit?${wrong}`)).status, wrong).toBe(400);
  });

  test('without the names of repositories beyond it in details', async () => {
    const mounts = await read('&event_type=blob_mounted');
    expect(mounts.map(({ details }) => details)).toEqual([{ from: 'team-x/base/app', n: 'm2' }, { n: 'm1' }]);
    const all = succeeded(await world.as.admin.get(`/v1/audit?${until}&event_type=blob_mounted`));
    expect(all.map(({ details }: Event) => details['from'])).toEqual(['team-x/base/app', 'prod/app']);
  });

  test('of every delegation at once, each event once', async () => {
    for (const pattern of ['team-x/gone/*', 'prod/app', 'team-y/*'])
      succeeded(await world.as.admin.post('/v1/delegations', { account: 'ann', pattern }), 201);
    expect(numbers(await read())).toEqual(['m2', 'm1', '7', '6', '4', '1', '0']);
  });

  test('and none of how much happens in all', async () => {
    expect(denied(await world.as.ann.get('/v1/audit/activity'))).toBe('Requires the admin role');
  });

  test('and has to name a repository where too many are in the log', async () => {
    const event = { type: 'manifest_pulled', at: start, actor: {}, details: {} } as const;
    const many = Array.from({ length: 1_001 }, (_, at) => ({ ...event, repository: `team-x/many/r${at}` }));
    await world.server.context.services.store.audit.append(many);
    const { status, body } = await world.as.ann.get('/v1/audit');
    expect([status, body.error]).toEqual([400, expect.stringContaining('give repository')]);
    expect(await read('&repository=team-x/many/r7')).toHaveLength(1);
  });
});
