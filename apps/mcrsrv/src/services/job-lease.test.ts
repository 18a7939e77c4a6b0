import { SqliteMetadataStore } from '@mcr/db';
import { tempDirectory } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { ManualClock } from '../../test/_util/manual-clock.ts';
import { JobLease } from './job-lease.ts';

const minute = 60_000;

/** Two processes that may do one job, on one database whose clock stands still. */
async function setUp(duration = minute) {
  await using cleanup = new AsyncDisposableStack();
  const { path } = cleanup.use(await tempDirectory());
  const clock = new ManualClock();
  const store = await SqliteMetadataStore.open({ path: `${path}/mcr.db`, clock });
  cleanup.defer(() => store.close());
  const lease = (owner: string) => new JobLease({ store, name: 'job', owner, duration });
  const owned = cleanup.move();
  return { clock, one: lease('one'), two: lease('two'), [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

test('one process has the job until it releases it', async () => {
  await using at = await setUp();
  expect([await at.one.acquire(), await at.two.acquire()]).toEqual([true, false]);
  await at.two.release();
  expect(await at.two.acquire()).toBe(false);
  await at.one.release();
  expect(await at.two.acquire()).toBe(true);
});

test('a process that has died is followed once its time is over', async () => {
  await using at = await setUp();
  await at.one.acquire();
  at.clock.advance(minute - 1);
  expect(await at.two.acquire()).toBe(false);
  at.clock.advance(1);
  expect(await at.two.acquire()).toBe(true);
});

test('a process that was stopped for too long notices that it has lost the job', async () => {
  // The time between two renewals is over at once.
  await using at = await setUp(0);
  expect(await at.one.acquire()).toBe(true);
  expect(await at.one.keep()).toBe(true);
  await using other = await setUp();
  await other.one.acquire();
  other.clock.advance(minute);
  await other.two.acquire();
  expect(await other.one.acquire()).toBe(false);
});

test('a lease is not written anew between slices that are short', async () => {
  await using at = await setUp();
  await at.one.acquire();
  at.clock.advance(minute);
  expect(await at.two.acquire()).toBe(true);
  expect(await at.one.keep()).toBe(true);
});
