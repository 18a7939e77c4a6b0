import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInThisContext } from 'node:vm';
import { expect, test } from 'vitest';
import { load } from './load.ts';

setFlagsFromString('--allow-natives-syntax');
/** V8's `OptimizationStatus` (v8/src/runtime/runtime.h). */
const status = runInThisContext('(code) => %GetOptimizationStatus(code)') as (code: unknown) => number;
const optimized = 1 << 3;

/** A function of its own for each call, which it makes hot until V8 compiles it anew or loses its patience. */
async function isOptimized(): Promise<boolean> {
  const sum = runInThisContext('(up) => { let all = 0; for (let i = 0; i < up; i += 1) all += i; return all; }') as (
    up: number,
  ) => number;
  for (let round = 0; round < 50; round += 1) {
    for (let call = 0; call < 2_000; call += 1) sum(100);
    // Compiled code arrives from another thread.
    await sleep(1);
    if ((status(sum) & optimized) !== 0) return true;
  }
  return false;
}

test('code that runs while modules are loaded is not optimized', async () => {
  expect(await load(isOptimized)).toBe(false);
});

test('code is optimized again once modules are loaded, also when that failed', async () => {
  await load(async () => {});
  expect(await isOptimized()).toBe(true);
  await expect(load(() => Promise.reject(new Error('no such module')))).rejects.toThrow('no such module');
  expect(await isOptimized()).toBe(true);
});
