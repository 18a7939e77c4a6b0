import { create } from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { HealthResponseSchema } from '@mcr/rpc/mcr/v1/admin_pb';
import { expect, test } from 'vitest';
import type { RegistryClient } from './client.ts';
import { KnownHealth } from './known-health.ts';

/** A registry whose version is the number of times that it was asked, and a clock that is set by hand. */
function watch() {
  const state = { now: 1_000_000, calls: 0, isDown: false };
  const health = async () => {
    state.calls += 1;
    if (state.isDown) throw new ConnectError('no response', Code.Unavailable);
    return create(HealthResponseSchema, { version: String(state.calls) });
  };
  const registry = { admin: { health } } as unknown as RegistryClient;
  return { state, known: new KnownHealth(registry, { now: () => state.now }) };
}

test('the health of the registry is remembered for 10 s', async () => {
  const { state, known } = watch();
  expect((await known.get()).version).toBe('1');
  state.now += 9_999;
  expect((await known.get()).version).toBe('1');
  state.now += 1;
  expect((await known.get()).version).toBe('2');
});

test('requests at the same time share one call', async () => {
  const { state, known } = watch();
  await Promise.all([known.get(), known.get(), known.get()]);
  expect(state.calls).toBe(1);
});

test('a failure reaches all who wait for it, and the next request asks again', async () => {
  const { state, known } = watch();
  state.isDown = true;
  const failed = await Promise.allSettled([known.get(), known.get()]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(state.calls).toBe(1);
  state.isDown = false;
  expect((await known.get()).version).toBe('2');
});

test('a clock that was set back keeps it no longer', async () => {
  const { state, known } = watch();
  await known.get();
  state.now -= 3_600_000;
  expect((await known.get()).version).toBe('2');
});
