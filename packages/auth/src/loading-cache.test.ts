import { beforeEach, expect, test, vi } from 'vitest';
import { LoadingCache } from './loading-cache.ts';
import { ManualClock } from './testing/manual-clock.ts';

let clock: ManualClock;
let cache: LoadingCache<string>;

beforeEach(() => {
  clock = new ManualClock();
  cache = new LoadingCache({ clock, maxEntries: 2 });
});

const load = (value: string, life = 1000) => vi.fn(async () => ({ value, until: clock.now() + life }));

test('a value is loaded once until it expires', async () => {
  const loader = load('a');
  expect(await cache.get('k', loader)).toBe('a');
  clock.advance(999);
  expect(await cache.get('k', loader)).toBe('a');
  expect(loader).toHaveBeenCalledTimes(1);
  clock.advance(1);
  expect(await cache.get('k', loader)).toBe('a');
  expect(loader).toHaveBeenCalledTimes(2);
});

test('concurrent loads of one key share a call, those of two keys do not', async () => {
  const loader = load('a');
  expect(await Promise.all([cache.get('k', loader), cache.get('k', loader), cache.get('l', loader)])).toEqual([
    'a',
    'a',
    'a',
  ]);
  expect(loader).toHaveBeenCalledTimes(2);
});

test('a failure reaches every waiting caller and is not cached', async () => {
  const failing = vi.fn(async () => {
    throw new Error('no');
  });
  const results = await Promise.allSettled([cache.get('k', failing), cache.get('k', failing)]);
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(failing).toHaveBeenCalledTimes(1);
  expect(await cache.get('k', load('a'))).toBe('a');
});

test('a value that has already expired is returned but not cached', async () => {
  expect(await cache.get('k', load('a', 0))).toBe('a');
  expect(cache.size).toBe(0);
});

test('when full, the least recently used value is evicted', async () => {
  await cache.get('a', load('a'));
  await cache.get('b', load('b'));
  await cache.get('a', load('a'));
  await cache.get('c', load('c'));
  expect(cache.size).toBe(2);
  const again = load('new');
  expect(await cache.get('a', again)).toBe('a');
  expect(await cache.get('b', again)).toBe('new');
});

test('expired values are removed when others are added', async () => {
  await cache.get('a', load('a'));
  clock.advance(1000);
  await cache.get('b', load('b'));
  expect(cache.size).toBe(1);
});

test.each(['delete', 'clear'] as const)('%s forgets a value', async (verb) => {
  await cache.get('k', load('old'));
  cache[verb]('k');
  expect(await cache.get('k', load('new'))).toBe('new');
});

test.each(['delete', 'clear'] as const)('%s keeps a load in progress from being cached', async (verb) => {
  const { promise, resolve } = Promise.withResolvers<{ value: string; until: number }>();
  const old = cache.get('k', () => promise);
  cache[verb]('k');
  const fresh = cache.get('k', load('fresh'));
  resolve({ value: 'old', until: clock.now() + 1000 });
  expect(await old).toBe('old');
  expect(await fresh).toBe('fresh');
  expect(await cache.get('k', load('third'))).toBe('fresh');
});
