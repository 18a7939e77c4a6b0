import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';
import { createTestCa } from '@mcr/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { maxPerSession } from '../src/live/hub.ts';
import { openEvents } from './_util/events.ts';
import { type Registry, startRegistry, tokenOf } from './_util/registry.ts';
import { type Visitor, visit } from './_util/visitor.ts';
import { startWeb, type Web } from './_util/web.ts';

const slow = { interval: 20, timeout: 30_000 };
const at = 1_700_000_000_000;
const path = '/live/repositories/team/app';
let pushed: { readonly name: string; readonly updatedAt: number }[];
let examined: number;
let secret: string | undefined;
let askedBy: (string | null)[];
let registry: Registry;
let web: Web;

const lastPushAt = () => timestampFromMs(Math.max(at, ...pushed.map(({ updatedAt }) => updatedAt)));
const repository = () => ({ name: 'team/app', tagCount: pushed.length, lastPushAt: lastPushAt() });

beforeAll(async () => {
  const ca = await createTestCa();
  registry = await startRegistry(await ca.issue(), () => ({}), 0, {
    registry: {
      getRepository: ({ name }, { requestHeader }) => {
        const caller = requestHeader.get('authorization');
        askedBy.push(caller);
        if (!((caller ?? '').replace(`Bearer ${tokenOf('')}`, '') in registry.people)) {
          throw new ConnectError('The token is not valid', Code.Unauthenticated);
        }
        if (name === secret && caller !== `Bearer ${tokenOf('admin')}`)
          throw new ConnectError('No', Code.PermissionDenied);
        return { repository: repository() };
      },
      listRepositories: (_, { requestHeader }) => {
        askedBy.push(requestHeader.get('authorization'));
        return { repositories: [repository()] };
      },
      listTags: () => ({
        tags: pushed.map(({ name, updatedAt }) => ({ name, updatedAt: timestampFromMs(updatedAt) })),
      }),
      getGCStatus: () => ({ running: true, currentRun: { id: 'run', examined } }),
    },
  });
  web = await startWeb({ ca, grpcPort: registry.port });
});
afterAll(async () => {
  await web[Symbol.asyncDispose]();
  await registry[Symbol.asyncDispose]();
});
beforeEach(() => {
  pushed = [{ name: '1.0', updatedAt: at }];
  examined = 1;
  secret = undefined;
  askedBy = [];
  registry.people['grace'] = ['user'];
});

async function signedIn(name = 'grace', where: Web = web): Promise<Visitor> {
  const visitor = visit(where);
  await visitor.signIn(name);
  return visitor;
}

/** The address of the stream in a page. */
const addressIn = (body: string) => /data-live="(\/live\/[^"]+)"/.exec(body)?.[1]?.replaceAll('&amp;', '&') ?? '';

describe('a page that is open', () => {
  test('hears of pushes since the state that it shows, and of nothing else', async () => {
    const grace = await signedIn();
    const address = addressIn((await grace.get('/repositories/team/app')).body);
    expect(address).toBe(`${path}?seen=${at}-1-0`);
    using events = await openEvents(web, grace, address);
    await expect.poll(() => askedBy.length, slow).toBeGreaterThan(2);
    expect(events.list()).toEqual([]);
    pushed = [{ name: '1.1', updatedAt: at + 5 }, ...pushed];
    await expect.poll(events.list, slow).toEqual(['news 1.1 was pushed']);
    pushed = [{ name: '1.2', updatedAt: at + 9 }, ...pushed];
    await expect.poll(events.list, slow).toEqual(['news 1.1 was pushed', 'news 2 tags were pushed']);
  });

  test('hears at once what it missed while its tab was hidden', async () => {
    const grace = await signedIn();
    pushed = [{ name: '1.1', updatedAt: at + 5 }, ...pushed];
    using events = await openEvents(web, grace, `${path}?seen=${at}-1-0`);
    await expect.poll(events.list, slow).toEqual(['news 1.1 was pushed']);
  });

  test.each([
    ['tags were deleted', `${at}-3-0`, 'news Tags were deleted'],
    ['something else has changed', `${at}-1-7`, 'news The repository has changed'],
    ['its address says nonsense', 'x', 'news 1.0 was pushed'],
  ])('hears when %s', async (_, seen, words) => {
    using events = await openEvents(web, await signedIn(), `${path}?seen=${seen}`);
    await expect.poll(events.list, slow).toEqual([words]);
  });

  test('hears of pushes to any repository, if it is the overview', async () => {
    const grace = await signedIn();
    const address = addressIn((await grace.get('/')).body);
    expect(address).toBe(`/live/pushes?seen=${at}`);
    using events = await openEvents(web, grace, address);
    pushed = [{ name: '1.1', updatedAt: at + 5 }];
    await expect.poll(events.list, slow).toEqual(['news team/app was pushed']);
  });

  test('hears of the progress of garbage collection', async () => {
    const admin = await signedIn('admin');
    using events = await openEvents(web, admin, addressIn((await admin.get('/storage')).body));
    examined = 2;
    await expect.poll(events.list, slow).toEqual(['change ']);
  });

  test('has an address of its stream in plans too, until they are sent', async () => {
    const admin = await signedIn('admin');
    const seen = `${path}?seen=${at}-1-0`;
    expect(addressIn((await admin.get('/delete-tags/team/app?tag=1.0')).body)).toBe(seen);
    expect(addressIn((await admin.get('/delete-repository/team/app')).body)).toBe(seen);
    expect(addressIn((await admin.post('/delete-repository/team/app', { confirm: 'app' })).body)).toBe('');
  });
});

describe('a stream', () => {
  test('is asked for with the token of its own session, and stops where that may not look', async () => {
    secret = 'team/app';
    const [admin, grace] = [await signedIn('admin'), await signedIn()];
    using allowed = await openEvents(web, admin, `${path}?seen=0-1-0`);
    using denied = await openEvents(web, grace, `${path}?seen=0-1-0`);
    await expect.poll(allowed.list, slow).toEqual(['news 1.0 was pushed']);
    await expect.poll(denied.ended, slow).toBe('whole');
    expect(denied.list()).toEqual(['stop ']);
    // A second look would be a second denial in the audit log.
    await expect.poll(() => askedBy.length, slow).toBeGreaterThan(3);
    expect(askedBy.filter((it) => it === `Bearer ${tokenOf('grace')}`)).toHaveLength(1);
  });

  test('tells proxies to pass on every byte, and is not kept', async () => {
    using events = await openEvents(web, await signedIn(), path);
    expect(events).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no',
      },
    });
    expect(events.headers['content-encoding']).toBeUndefined();
  });

  test('of an account that is disabled, or whose token is revoked, ends', async () => {
    using events = await openEvents(web, await signedIn(), path);
    delete registry.people['grace'];
    await expect.poll(events.ended, slow).toBe('whole');
    expect(events.list().at(-1)).toBe('end ');
  });

  test('of another tab ends when the user signs out, without asking the registry', async () => {
    registry.people['ann'] = ['user'];
    const ann = await signedIn('ann');
    using events = await openEvents(web, ann, path);
    await ann.post('/logout');
    await expect.poll(events.ended, slow).toBe('whole');
    expect(events.list().at(-1)).toBe('end ');
  });

  test('ends when the session is idle, which it does not prolong', async () => {
    const clock = { time: Date.now(), now: () => clock.time };
    await using idle = await startWeb({ ca: web.ca, grpcPort: registry.port, clock });
    registry.people['carol'] = ['user'];
    const carol = await signedIn('carol', idle);
    clock.time += 29 * 60_000;
    using events = await openEvents(idle, carol, path);
    expect(events.headers['set-cookie'] ?? []).toEqual([]);
    clock.time += 2 * 60_000;
    await expect.poll(events.ended, slow).toBe('whole');
    using again = await openEvents(idle, carol, path);
    await expect.poll(again.list, slow).toEqual(['end ']);
    expect(registry.calls.at(-1)).toBe('Logout');
  });

  test.each(['/live/pushes', '/live/collection', path])(
    '%s is held open for no one who is not signed in',
    async (it) => {
      const before = registry.calls.length;
      using events = await openEvents(web, visit(web), it);
      await expect.poll(events.ended, slow).toBe('whole');
      expect(events.list()).toEqual(['end ']);
      expect(registry.calls.length).toBe(before);
    },
  );

  test('is not opened by a HEAD, nor for a person who opens its address', async () => {
    const grace = await signedIn();
    using head = await openEvents(web, grace, path, 'HEAD');
    expect(head.status).toBe(200);
    expect(await grace.get(path)).toMatchObject({ status: 303, headers: { location: '/repositories/team/app' } });
    expect(askedBy).toEqual([]);
  });

  test('beyond those of one session is rejected, and pages still load', async () => {
    registry.people['bob'] = ['user'];
    const bob = await signedIn('bob');
    using open = new DisposableStack();
    const streams = [];
    for (let n = 0; n < maxPerSession; n += 1) streams.push(open.use(await openEvents(web, bob, path)));
    expect(streams.map(({ status }) => status)).toEqual(Array.from({ length: maxPerSession }, () => 200));
    using rejected = await openEvents(web, bob, path);
    expect(rejected).toMatchObject({ status: 429, headers: { 'retry-after': '60' } });
    expect(await bob.get('/repositories/team/app')).toMatchObject({ status: 200 });
    streams[0]?.[Symbol.dispose]();
    const status = async () => open.use(await openEvents(web, bob, path)).status;
    await expect.poll(status, slow).toBe(200);
  });
});

test('a server that stops ends its streams first, which would not end by themselves', async () => {
  await using own = await startWeb({ ca: web.ca, grpcPort: registry.port });
  using events = await openEvents(own, await signedIn('grace', own), path);
  await own.stop();
  await expect.poll(events.ended, slow).toBe('whole');
});
