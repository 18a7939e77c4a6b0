import { setTimeout as sleep } from 'node:timers/promises';
import { Code, ConnectError } from '@connectrpc/connect';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import type { RegistryClient } from '../registry/client.ts';
import { LiveHub, maxPerAccount, maxPerSession, maxStreams, type StreamRequest } from './hub.ts';
import { EventStream } from './stream.ts';
import type { Topic } from './topics.ts';

const patience = { interval: 5, timeout: 20_000 };
let hub: LiveHub;
let reads: number;
let version: string;
let error: Error | undefined;

const topic: Topic = {
  key: 'a topic',
  page: '/',
  read: async () => {
    reads += 1;
    if (error !== undefined) throw error;
    return { version, since: async () => ({ event: 'change' }) };
  },
};

function openHub(): LiveHub {
  [reads, version, error] = [0, '1', undefined];
  const services = { registry: {} as RegistryClient, log: pino({ level: 'silent' }), clock: { now: () => 0 } };
  hub = new LiveHub({ ...services, intervalMs: 5 });
  return hub;
}
afterEach(async () => hub[Symbol.asyncDispose]());

function request(more: Partial<StreamRequest> = {}): StreamRequest {
  return {
    token: 't',
    account: 'a',
    caller: {},
    topic,
    seen: '1',
    until: 1,
    cut: () => {},
    sent: async () => {},
    ...more,
  };
}

/** The text of a stream until it ends. */
async function read(stream: ReturnType<LiveHub['open']>): Promise<string> {
  return await new Response((stream as EventStream).body).text();
}

test('the streams of a session, of an account and of all are bounded, and make room when they end', () => {
  openHub();
  const open = (token: string, account: string) => hub.open(request({ token, account }));
  const first = open('t', 'a') as EventStream;
  for (let n = 1; n < maxPerSession; n += 1) open('t', 'a');
  expect(open('t', 'a')).toBe('full');
  first.close();
  expect(open('t', 'a')).toBeInstanceOf(EventStream);
  for (let n = maxPerSession; n < maxPerAccount; n += 1) open(`t${n}`, 'a');
  expect(open('other', 'a')).toBe('full');
  for (let n = maxPerAccount; n < maxStreams; n += 1) open(`t${n}`, `a${n}`);
  expect(open('one', 'more')).toBe('full');
  expect(hub.size).toBe(maxStreams);
});

test('pages of one session share what they ask the registry, and it is not asked without a page', async () => {
  openHub();
  const [one, other] = [hub.open(request()), hub.open(request())] as [EventStream, EventStream];
  await expect.poll(() => reads, patience).toBeGreaterThan(1);
  const before = reads;
  version = '2';
  await expect.poll(() => reads, patience).toBeGreaterThan(before + 2);
  hub.endSession('t');
  const texts = await Promise.all([read(one), read(other)]);
  const expected = 'retry: 4000\n\nevent: change\ndata: \n\nevent: end\ndata: \n\n';
  expect(texts).toEqual([expected, expected]);
  const after = reads;
  await sleep(50);
  expect(reads).toBe(after);
  expect(hub.size).toBe(0);
});

test('a browser that does not read is cut off, after few messages', async () => {
  openHub();
  let cut = 0;
  hub.open(request({ cut: () => void (cut += 1) }));
  const change = setInterval(() => void (version += 'x'), 1);
  await expect.poll(() => cut, patience).toBe(1);
  clearInterval(change);
  expect(hub.size).toBe(0);
  expect(reads).toBeLessThan(100);
});

test.each([
  [Code.Unauthenticated, 'event: end\ndata: \n\n'],
  [Code.PermissionDenied, 'event: stop\ndata: \n\n'],
  [Code.NotFound, 'event: stop\ndata: \n\n'],
])('error %i of the registry ends a stream', async (code, last) => {
  openHub();
  error = new ConnectError('No', code);
  expect(await read(hub.open(request()))).toBe(`retry: 4000\n\n${last}`);
  expect(reads).toBe(1);
});

test('a registry that does not respond ends no stream, and a hub that is disposed opens none', async () => {
  openHub();
  error = new ConnectError('Later', Code.Unavailable);
  hub.open(request());
  await expect.poll(() => reads, patience).toBe(1);
  expect(hub.size).toBe(1);
  await hub[Symbol.asyncDispose]();
  expect(hub.size).toBe(0);
  expect(hub.open(request())).toBe('closed');
});
