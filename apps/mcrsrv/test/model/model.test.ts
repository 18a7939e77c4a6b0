import { withFacets } from '@mcr/db/testing';
import { registryProperty } from '@mcr/stress';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Registry } from '../gc/_registry.ts';
import { openServices } from './services.ts';

/** More of them to look longer; the seed of a failure, which it prints, to look again. */
const numRuns = Number(process.env['MCR_TEST_MODEL_RUNS'] ?? 12);
const seed = process.env['MCR_TEST_MODEL_SEED'];
const parameters = { numRuns, ...(seed !== undefined && { seed: Number(seed) }) };
const maxCommands = 40;
/** Milliseconds, also on a busy machine. */
const pollOptions = 240_000 + numRuns * 5_000;

test('whatever clients do and whenever it dies, the registry is what a few maps are', {
  timeout: pollOptions,
}, async () => {
  await fc.assert(
    registryProperty(maxCommands, () => openServices()),
    parameters,
  );
});

/** A registry that says that it has mounted a blob, and does not hold on to it. */
function forgettingMounts(registry: Registry): Registry {
  const { store } = registry.services;
  const mount: typeof store.blobs.mount = ({ from, digest, now }) => store.blobs.find(from, digest, now);
  const broken = withFacets(store, { blobs: { ...store.blobs, mount } });
  return { ...registry, services: { ...registry.services, store: broken } };
}

test('a mount that is forgotten is found, in two steps that show why', { timeout: pollOptions }, async () => {
  const property = registryProperty(15, () => openServices(forgettingMounts));
  const { failed, counterexample } = await fc.check(property, { numRuns: 100, seed: 1 });
  expect(failed).toBe(true);
  const [push, mount, ...others] = fc.stringify(counterexample?.[0]).split(',');
  expect(push).toMatch(/^push blob \w to team\/\w+/);
  expect(mount).toMatch(/^mount blob \w from team\/\w+ to team\/\w+/);
  expect(others).toEqual([]);
});
