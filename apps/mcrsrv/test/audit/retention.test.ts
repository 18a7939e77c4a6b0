import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditEvent } from '@mcr/core';
import type { MetadataStore } from '@mcr/db';
import { type TempDirectory, tempDirectory } from '@mcr/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exportAudit } from '../../src/services/housekeeping/export-audit.ts';
import { Housekeeper } from '../../src/services/housekeeping/housekeeper.ts';
import { type RegistryDirectory, registryDirectory } from '../gc/_directory.ts';
import { openRegistry, type Registry } from '../gc/_registry.ts';
import { Crash } from '../gc/_steps.ts';

const day = 86_400_000;
const midnight = Date.UTC(2026, 2, 1);

let [directory, exports]: [RegistryDirectory?, TempDirectory?] = [];
let registry: Registry;
let store: MetadataStore;

beforeEach(async () => {
  directory = await registryDirectory();
  exports = await tempDirectory();
  registry = await openRegistry(directory);
  ({ store } = registry.services);
});
afterEach(async () => {
  await registry[Symbol.asyncDispose]();
  await exports?.[Symbol.asyncDispose]();
  await directory?.[Symbol.asyncDispose]();
});

const pulls = (from: number, count: number): AuditEvent[] =>
  Array.from({ length: count }, (_, at) => ({
    type: 'manifest_pulled',
    at: from + at,
    actor: { id: 'someone', ip: '192.0.2.1' },
    repository: 'team/app',
    details: { tag: `v${at}` },
  }));

const exported = async (name: string): Promise<{ at: string }[]> =>
  (await readFile(join(exports!.path, name), 'utf8'))
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { at: string });

const run = () => exportAudit({ store, directory: exports!.path, before: midnight + day, now: midnight + 9 * day });

test('old events are in a file of their month before they leave the log, in the form of the API', async () => {
  await store.audit.append([...pulls(midnight - 400, 700), ...pulls(midnight + day, 3)]);
  expect(await run()).toBe(700);
  expect((await readdir(exports!.path)).toSorted()).toEqual(['audit-2026-02.jsonl', 'audit-2026-03.jsonl']);
  const [february, march] = [await exported('audit-2026-02.jsonl'), await exported('audit-2026-03.jsonl')];
  expect([february.length, march.length]).toEqual([400, 300]);
  expect(february[0]).toEqual({
    id: expect.any(Number),
    event_type: 'manifest_pulled',
    at: '2026-02-28T23:59:59.600Z',
    actor: { id: 'someone', ip: '192.0.2.1' },
    repository: 'team/app',
    details: { tag: 'v0' },
  });
  expect(await store.audit.list({ type: 'manifest_pulled', limit: 1000 })).toHaveLength(3);
  expect(await run()).toBe(0);
});

test.each([1, 2, 3, 4, 5])('an export that dies at call %i of the store loses and repeats nothing', async (calls) => {
  await store.audit.append(pulls(midnight - 600, 600));
  registry.steps.crashAfter(calls);
  await expect(run()).rejects.toThrow(Crash);
  registry.steps.revive();
  await run();
  expect(await store.audit.list({ type: 'manifest_pulled', limit: 10 })).toEqual([]);
  const times = (await exported('audit-2026-02.jsonl')).map(({ at }) => Date.parse(at));
  expect(times).toEqual(Array.from({ length: 600 }, (_, at) => midnight - 600 + at));
});

test('the housekeeper exports what is older than the retention, and nothing by default', async () => {
  const { services, clock } = registry;
  const parts = { store, clock, log: services.log, instance: 'this', copies: [] };
  await store.audit.append(pulls(clock.now() - 91 * day, 5));
  const place = join(exports!.path, 'audit');
  await new Housekeeper({ ...parts, audit: { retention: 0, directory: place } }).run();
  expect(await store.audit.list({ type: 'manifest_pulled', limit: 10 })).toHaveLength(5);
  await new Housekeeper({ ...parts, audit: { retention: 90 * day, directory: place } }).run();
  expect(await store.audit.list({ type: 'manifest_pulled', limit: 10 })).toEqual([]);
  expect(await readdir(place)).toHaveLength(1);
});
