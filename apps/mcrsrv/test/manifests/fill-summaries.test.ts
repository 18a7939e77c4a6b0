import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Manifests } from '@mcr/db';
import { intercepted, withFacets } from '@mcr/db/testing';
import { tempDirectory } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { SummaryFiller } from '../../src/services/manifests/summaries.ts';
import { failuresOf, logOf } from '../_util/log.ts';
import { pushBlobs } from '../_util/manifests.ts';
import { sqlFromOutside } from '../_util/outside.ts';
import { pollOptions } from '../_util/poll-options.ts';
import { startTestServer, type TestServer } from '../_util/server.ts';
import { forgetSummaries, listsOf, seed } from './_lists.ts';

const linesOf = (server: TestServer) =>
  logOf(server).filter(({ msg }) => /summaries of manifests/.test(msg)) as readonly Record<string, unknown>[];
const unfilled = (server: TestServer) =>
  server.context.services.store.manifests
    .listUnsummarized({ limit: 1_000, maxBytes: 10_000_000 })
    .then(({ manifests }) => manifests.map(({ digest }) => digest));

/** A filler over the store of a server, which can be told what to do before summaries are kept. */
function fillerOf(server: TestServer, beforeKeep: (filler: SummaryFiller) => unknown = () => {}): SummaryFiller {
  const { store, blobs, clock, log } = server.context.services;
  const { manifests } = store;
  const keepSummaries: Manifests['keepSummaries'] = async (summaries) => {
    await beforeKeep(filler);
    await manifests.keepSummaries(summaries);
  };
  const wrapped = withFacets(store, { manifests: { ...manifests, keepSummaries } });
  const filler = new SummaryFiller({ store: wrapped, blobs, clock, log, instance: 'test' });
  return filler;
}

test('what an older version left is filled in beside requests, which say the same before, in between and after', async () => {
  await using server = await startTestServer();
  // Each repository has 41 manifests: three slices in all.
  const seeds = [await seed(server, 'one', 20), await seed(server, 'two', 20), await seed(server, 'three', 20)];
  const lists = () => Promise.all(seeds.map((seeded) => listsOf(server, seeded)));
  const before = await lists();
  await forgetSummaries(server);
  expect(await unfilled(server)).toHaveLength(123);

  let slices = 0;
  await fillerOf(server, async () => {
    slices += 1;
    expect(await lists()).toEqual(before);
  }).run();
  expect(slices).toBe(3);
  expect(await unfilled(server)).toEqual([]);
  expect(await lists()).toEqual(before);
  expect(linesOf(server).map(({ msg }) => msg)).toEqual([
    'filling in summaries of manifests',
    'filled in summaries of manifests',
  ]);
  expect(linesOf(server).at(-1)).toMatchObject({ filled: 123, left: 0 });
});

test('a filler that is stopped in the middle keeps what it has done, and the next start goes on from there', async () => {
  await using directory = await tempDirectory();
  let before: string[];
  let seeded: Awaited<ReturnType<typeof seed>>;
  {
    await using server = await startTestServer({ directory: directory.path });
    seeded = await seed(server, 'app', 60);
    before = await listsOf(server, seeded);
    await forgetSummaries(server);
    await fillerOf(server, (filler) => void filler.stop()).run();
    expect(await unfilled(server)).toHaveLength(121 - 50);
    expect(await listsOf(server, seeded)).toEqual(before);
    expect(linesOf(server).at(-1)).toMatchObject({ filled: 50, msg: /the next start goes on/ });
  }
  await using server = await startTestServer({ directory: directory.path });
  await expect.poll(() => linesOf(server).at(-1), pollOptions).toMatchObject({ filled: 71, left: 0 });
  expect(await unfilled(server)).toEqual([]);
  expect(await listsOf(server, seeded)).toEqual(before);
});

test('what is damaged or cannot be told is passed over once for each start, and the rest is filled in', async () => {
  await using server = await startTestServer();
  const seeded = await seed(server, 'app', 6);
  const [damaged, unreadable, withoutConfig] = seeded.images;
  await forgetSummaries(server);
  await sqlFromOutside(
    server,
    `UPDATE manifests SET content = x'7b7d' WHERE digest = '${damaged!.digest}';
     UPDATE manifests SET content = x'5b5d',
       digest = 'sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945' WHERE digest = '${unreadable!.digest}';
     UPDATE blobs SET damage = 'missing', quarantined_at = 1 WHERE digest = '${seeded.configs[2]!.digest}'`,
  );
  await fillerOf(server).run();
  expect(linesOf(server).at(-1)).toMatchObject({ filled: 13 - 4, left: 4 });
  expect(failuresOf(server)).toMatchObject([{ digest: damaged!.digest, msg: /damaged, it is out of service/ }]);
  expect(await unfilled(server)).toHaveLength(3);

  await pushBlobs(server.admin, 'app', seeded.configs[2]!);
  expect((await server.admin.pushManifest('app', damaged!.digest, damaged!)).status).toBe(201);
  expect(await unfilled(server)).toContain(withoutConfig!.digest);
  await fillerOf(server).run();
  expect(linesOf(server).at(-1)).toMatchObject({ filled: 2, left: 1 });
  expect(await unfilled(server)).toHaveLength(1);
});

test('a failure of the database is logged, and a stop does not wait for the next attempt', async () => {
  await using server = await startTestServer();
  await seed(server, 'app', 1);
  await forgetSummaries(server);
  const filler = fillerOf(server, () => {
    throw new Error('disk full');
  });
  const running = filler.run();
  await expect.poll(() => failuresOf(server), pollOptions).toMatchObject([{ filled: 0, msg: /trying again/ }]);
  await filler.stop();
  await running;
  expect(await unfilled(server)).toHaveLength(3);
});

test('another process that fills in summaries does not do so twice, and does it when the first has died', async () => {
  await using server = await startTestServer();
  await seed(server, 'one', 5);
  await forgetSummaries(server);
  const { store, blobs, clock, log } = server.context.services;
  const { coordination } = store;
  await coordination.acquireLease({ name: 'summaries', owner: 'another process', duration: 60_000 });
  const calls: string[] = [];
  const watched = intercepted(store, (method, run) => {
    calls.push(method);
    return run();
  });
  const filler = new SummaryFiller({ store: watched, blobs, clock, log, instance: 'test' });
  const running = filler.run();
  while (calls.length < 3 && calls.at(-1) !== 'coordination.acquireLease') await nextTurn();
  for (let turn = 0; turn < 10; turn += 1) await nextTurn();
  await filler.stop();
  await running;
  expect(calls).toEqual(['manifests.listUnsummarized', 'coordination.acquireLease']);
  expect(await unfilled(server)).toHaveLength(11);

  await coordination.takeOverLeases('test');
  await fillerOf(server).run();
  expect(await unfilled(server)).toEqual([]);
});
