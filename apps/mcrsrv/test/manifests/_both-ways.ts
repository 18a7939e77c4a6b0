import { createSecret, secretHash } from '@mcr/auth';
import { type Digest, parseRepositoryName } from '@mcr/core';
import { blobOf, RawConnection, type RawResponse } from '@mcr/testkit';
import { expect, vi } from 'vitest';
import { QuickPulls } from '../../src/oci/quick-pulls.ts';
import { seedImage } from '../_util/images.ts';
import { logOf } from '../_util/log.ts';
import { pushBlobs } from '../_util/manifests.ts';
import { ManualClock } from '../_util/manual-clock.ts';
import { pollOptions } from '../_util/poll-options.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';

/** A registry with the accounts, rules and images of the table, at a time that stands still. */
export interface World {
  readonly server: TestServer;
  readonly clock: ManualClock;
  /** Values of the Authorization header by name of the caller. */
  readonly callers: Readonly<Record<'ann' | 'bob' | 'job' | 'basic' | 'guest', string>>;
  readonly ids: { readonly ann: string; readonly token: string };
  /** Of `team/app:v1`. */
  readonly digest: Digest;
  /** Of `team/app:long`, which is longer than what is kept, and of `team/app:bad`. */
  readonly digests: { readonly long: Digest; readonly bad: Digest };
  /** Two of `team/app`, and one of another repository alone. */
  readonly blobs: Readonly<Record<'small' | 'large' | 'elsewhere', Digest>>;
}

/** A request as it goes over the wire, or something that happens between two. */
export type Step = string | ((world: World) => string) | ((world: World) => Promise<void>);

/** What comes next goes over a new connection. */
export const reconnect: Step = 'reconnect';

/** What a registry responded, and what it put on record. */
interface Transcript {
  readonly responses: readonly RawResponse[];
  /** Which of them did not take the ordinary path. */
  readonly quick: readonly boolean[];
  readonly log: readonly object[];
  readonly traces: unknown;
}

/** Two registries with the same content, of which one has every request take the ordinary path. */
export interface BothWays extends AsyncDisposable {
  /**
   * Takes the steps on a connection to each, of which the second keeps nothing, in a minute of their own, of which limits allow 12 requests of an account, 3 of guests
   * and 20 of all, and compares responses, audit, log, metrics and last pulls. Returns the statuses, those
   * of requests that were responded to quickly with a `!`.
   */
  compare(steps: readonly Step[]): Promise<readonly string[]>;
}

/** The path of the first manifest. */
export const path = '/v2/team/app/manifests/v1';

const agent = 'table';
/** What limits are about, milliseconds. */
const minute = 60_000;

/** A request of this caller; further headers are lines. */
export function pull(caller: keyof World['callers'], target = path, method = 'GET', ...lines: string[]): Step {
  return ({ callers }) => request(method, target, `Authorization: ${callers[caller]}`, ...lines);
}

/** A request with these headers beside Host. */
export function request(method: string, target: string, ...lines: string[]): string {
  return [`${method} ${target} HTTP/1.1`, 'Host: localhost', `User-Agent: ${agent}`, ...lines, '', ''].join('\r\n');
}

/** Boots both. */
export async function openBothWays(): Promise<BothWays> {
  await using cleanup = new AsyncDisposableStack();
  const [quick, ordinary] = await Promise.all([openWorld(), openWorld()]);
  for (const { server } of [quick, ordinary]) cleanup.use(server);
  // What a pull is repeated by is what was read before it.
  await pullFirst(quick);
  const owned = cleanup.move();
  return {
    async compare(steps) {
      for (const { clock } of [quick, ordinary]) clock.advance(minute);
      const one = await run(quick, steps);
      using _ = vi.spyOn(QuickPulls.prototype, 'keep').mockReturnValue();
      const other = await run(ordinary, steps);
      expect({ ...one, quick: [] }).toEqual({ ...other, quick: [] });
      expect(other.quick).not.toContain(true);
      return one.responses.map(({ status }, index) => `${status}${one.quick[index] === true ? '!' : ''}`);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function openWorld(): Promise<World> {
  const clock = new ManualClock();
  const server = await startTestServer({
    env: {
      MCR_LIMITS_REQUESTS_PER_ACCOUNT: '12',
      MCR_LIMITS_REQUESTS_PER_ADDRESS: '20',
      MCR_LIMITS_GUEST_REQUESTS_PER_ADDRESS: '3',
    },
    overrides: { clock },
  });
  const { identity, store } = server.context.services;
  const seed = async (name: string, tag: string, salt = tag): Promise<Digest> => {
    const { manifest } = await seedImage(server, name, [tag], salt);
    clock.advance(minute);
    return manifest.digest;
  };
  for (const name of ['team/other', 'public/app', 'secret/app']) await seed(name, 'v1');
  for (const tag of ['v2', 'v3', 'v4']) await seed('team/app', tag);
  const digests = { long: await seed('team/app', 'long', 'long'.repeat(5_000)), bad: await seed('team/app', 'bad') };
  const digest = await seed('team/app', 'v1');
  const push = async (repository: string, size: number): Promise<Digest> => {
    const one = blobOf(Buffer.alloc(size, `${repository} ${size}`), 'application/octet-stream');
    await pushBlobs(server.admin, repository, one);
    clock.advance(minute);
    return one.digest;
  };
  const blobs = {
    small: await push('team/app', 4_096),
    large: await push('team/app', 100_000),
    elsewhere: await push('team/other', 50),
  };
  const ann = await server.addAccount('ann', { type: 'system' });
  const [bob, job] = [await server.addAccount('bob', { type: 'system' }), await server.addAccount('job')];
  for (const subject of [ann, bob]) {
    await server.addRule({ subject, actions: ['registry:pull'], repositories: ['team/app'] });
  }
  await server.addRule({ subject: ann, actions: ['registry:pull'], repositories: ['team/*'] });
  await server.addRule({ subject: bob, actions: ['registry:push'], repositories: ['team/other'] });
  await server.addRule({ accountTypes: ['anonymous'], actions: ['registry:pull'], repositories: ['public/*'] });
  const secret = createSecret('human');
  const token = {
    id: '00000000-0000-4000-8000-000000000001',
    accountId: job,
    accountName: 'job',
    name: 'narrow',
    actions: ['registry:pull'],
    repositories: ['team/app'],
    scope: 'none',
    expiresAt: clock.now() + 86_400_000,
    secretHash: secretHash(secret),
  } as const;
  await store.tokens.create({ token, limit: 0, actor: {}, now: clock.now() });
  const bearer = async (name: string, password = 'correct horse battery staple'): Promise<string> =>
    `Bearer ${(await identity.login(name, password)).token}`;
  return {
    server,
    clock,
    callers: {
      ann: await bearer('ann'),
      bob: await bearer('bob'),
      job: await bearer('job', secret),
      basic: `Basic ${Buffer.from('ann:correct horse battery staple').toString('base64')}`,
      guest: 'Bearer mcr-guest',
    },
    ids: { ann, token: token.id },
    digest,
    digests,
    blobs,
  };
}

async function pullFirst({ server, callers }: World): Promise<void> {
  await using connection = await RawConnection.open(server);
  await connection.send(request('GET', path, `Authorization: ${callers.ann}`));
  const { headers } = await connection.read({ head: false });
  const isLogged = () => logOf(server).some(({ requestId }) => requestId === headers['x-request-id']);
  await vi.waitFor(() => expect(isLogged()).toBe(true), pollOptions);
}

async function run(world: World, steps: readonly Step[]): Promise<Transcript> {
  const { server } = world;
  const { store, lastPulls, tokenUses } = server.context.services;
  using respond = vi.spyOn(QuickPulls.prototype, 'respond');
  const before = await figuresOf(server);
  const events = (await server.audit()).length;
  const responses: RawResponse[] = [];
  await using opened = new AsyncDisposableStack();
  let connection = opened.use(await RawConnection.open(server));
  for (const step of steps) {
    if (step === reconnect) {
      connection = opened.use(await RawConnection.open(server));
      continue;
    }
    const text = typeof step === 'string' ? step : await step(world);
    if (text === undefined) continue;
    await connection.send(text);
    for (const [, method] of text.matchAll(/^([A-Z]+) \S+ HTTP/gm)) {
      responses.push(await connection.read({ head: method === 'HEAD' }));
    }
  }
  const sent = new Set<unknown>(responses.map(({ headers }) => headers['x-request-id']));
  const written = () => logOf(server).filter(({ requestId }) => sent.has(requestId));
  await expect.poll(() => written().length, pollOptions).toBe(responses.length);
  await Promise.all([lastPulls.flush(), tokenUses.flush()]);
  const after = await figuresOf(server);
  const repository = parseRepositoryName('team/app');
  const audited = (await server.audit()).map((event) => withoutIds(JSON.stringify(without(event, 'id'))));
  const traces = {
    audited: audited.slice(0, audited.length - events).toSorted(),
    metrics: Object.fromEntries([...after].map(([name, value]) => [name, value - (before.get(name) ?? 0)])),
    tags: await store.tags.listRecords(repository, { limit: 10 }).catch(() => 'gone'),
    manifests: await store.manifests.list(repository, { limit: 10 }).catch(() => 'gone'),
    token: await store.tokens.findById(world.ids.token),
  };
  const log = written().map((line) => without(line, 'time', 'durationMs'));
  const plain = { responses: responses.map(withoutDate), log, traces };
  const results = respond.mock.results.filter((_, at) => respond.mock.calls[at]![0].headers['user-agent'] === agent);
  const isQuick = await Promise.all(results.map(async ({ value }) => (await value) === true));
  return { ...(normalized(plain, server) as Omit<Transcript, 'quick'>), quick: isQuick };
}

/** What requests count. */
async function figuresOf({ context }: TestServer): Promise<ReadonlyMap<string, number>> {
  const lines = (await context.metrics.registry.metrics()).split('\n');
  const counting = lines.filter((line) => /^registry_(?:http_\w+_(?:total|count)|policy|auth)/.test(line));
  return new Map(counting.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
}

/** With the headers in the order in which they were sent. */
function withoutDate(response: RawResponse): object {
  return { ...response, headers: Object.entries(without(response.headers, 'date')) };
}

function without(value: object, ...names: readonly string[]): object {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}

/** Ids and ports are of one registry. */
function normalized(value: unknown, { port }: TestServer): unknown {
  return JSON.parse(withoutIds(JSON.stringify(value)).replaceAll(String(port), 'port'));
}

function withoutIds(text: string): string {
  return text.replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'uuid');
}
