import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { DescribeStorageResponseSchema } from '@mcr/rpc/mcr/v1/admin_pb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Responses } from './_util/registry.ts';
import { type Stage, startStage } from './_util/stage.ts';

const htmx = { 'hx-request': 'true' };
let age: number | undefined;
let storage: MessageInitShape<typeof DescribeStorageResponseSchema> = {};
const due = Date.UTC(2126, 0, 2);
const waiting = {
  pending: { blobs: 3, bytes: 2048n, firstDueAt: timestampFromMs(due), lastDueAt: timestampFromMs(due + 3_600_000) },
  nextRunAt: timestampFromMs(due + 7_200_000),
};
const responses: Responses = {
  registry: {
    listRepositories: () => ({ repositories: [{ name: 'team/app' }] }),
    getGCStatus: () => {
      if (age === undefined) return { lastRun: { state: 'completed', blobsRemoved: 7 }, ...waiting };
      return { running: true, currentRun: { examined: 3, startedAt: timestampFromMs(Date.now() - age) } };
    },
    listGCRuns: ({ pageToken }) => ({ runs: [{ state: 'completed' }], nextPageToken: pageToken === '' ? 'two' : '' }),
  },
  admin: {
    describeStorage: () => storage,
    getStatistics: () => ({ blobs: 5, blobBytes: 60n, repositories: 14 }),
    listSnapshots: () => ({ snapshots: [{ name: 'mcr-1.db' }], nextPageToken: 'more' }),
  },
};

/** Each test is later than what was read for the one before is kept. */
const clock = { time: Date.now(), now: () => clock.time };
const later = () => void (clock.time += 5_000);

let stage: Stage;
beforeAll(async () => {
  stage = await startStage(responses, { clock });
});
afterAll(() => stage[Symbol.asyncDispose]());
beforeEach(() => {
  age = undefined;
  storage = {};
  later();
  stage.registry.calls.length = 0;
});

test('the page takes one round of calls, and says if its lists are truncated', async () => {
  const { body } = await stage.admin.get('/storage');
  expect(stage.registry.calls.toSorted()).toEqual([
    'DescribeStorage',
    'GetGCStatus',
    'GetStatistics',
    'GetStorageUsage',
    'ListGCRuns',
    'ListSnapshots',
  ]);
  expect(body).toContain('rel="next" href="/storage?page=two"');
  expect(body).toContain('These are the newest 1.');
  expect((await stage.admin.get('/storage?page=two')).body).toContain('href="/storage">First page</a>');
});

test('figures of what is stored are read once for some seconds, and anew when a run has come further', async () => {
  const read = async () => {
    stage.registry.calls.length = 0;
    await stage.admin.get('/storage');
    return stage.registry.calls.includes('DescribeStorage');
  };
  expect(await read()).toBe(true);
  expect(await read()).toBe(false);
  age = 1_000;
  expect(await read()).toBe(true);
  expect(await read()).toBe(false);
  later();
  expect(await read()).toBe(true);
});

test('who starts a run or takes a snapshot sees the figures after it', async () => {
  for (const path of ['/storage/collect', '/storage/snapshots']) {
    await stage.admin.get('/storage');
    await stage.admin.get('/');
    await stage.admin.post(path, {});
    stage.registry.calls.length = 0;
    await stage.admin.get('/');
    expect(stage.registry.calls).toEqual(expect.arrayContaining(['DescribeStorage', 'GetGCStatus', 'ListSnapshots']));
  }
});

test('the page does not reload while nothing runs, until it hears of a run', async () => {
  const { body } = await stage.admin.get('/storage');
  expect(body).toContain('<div id="progress" hx-get="/storage" hx-trigger="live"');
});

test('the page shows what waits for collection, how many bytes, until when, and for which run', async () => {
  const text = (await stage.admin.get('/storage')).body.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
  expect(text).toContain('Waiting for collection 2 KiB 3 blobs');
  expect(text).toContain('Removable from 2126-01-02 00:00:00 UTC the last at 2126-01-02 01:00:00 UTC');
  expect(text).toContain('Next run 2126-01-02 02:00:00 UTC');
});

describe('the part that follows a run', () => {
  test('reloads when there is news of it, and without a stream every ten seconds', async () => {
    age = 1_000;
    const { body } = await stage.admin.get('/storage/progress', htmx);
    expect(stage.registry.calls).toEqual(['GetGCStatus']);
    expect(body).toMatch(/^<div id="progress" hx-get="\/storage\/progress"/);
    expect(body).toContain('hx-trigger="live, every 10s');
  });

  test('reloads everything when it ended, and is not a page', async () => {
    const { body } = await stage.admin.get('/storage/progress', htmx);
    expect(body).toContain('hx-get="/storage" hx-trigger="load,');
    expect(body).toContain('7 blobs removed');
    expect(await stage.admin.get('/storage/progress')).toMatchObject({
      status: 303,
      headers: { location: '/storage' },
    });
  });
});

describe('what takes space', () => {
  const dayMs = 86_400_000;
  const today = Date.UTC(2126, 0, 31);
  const gib = 1024n ** 3n;
  const sampled = (back: number, used: bigint) => ({
    start: timestampFromMs(today - back * dayMs),
    storedBytes: used / 2n,
    usedBytes: used,
  });
  const disk: typeof storage = {
    driver: 'disk',
    totalBytes: 100n * gib,
    parts: [
      { name: 'own', bytes: 30n * gib },
      { name: 'shared', bytes: 10n * gib },
      { name: 'waiting', bytes: 5n * gib },
      { name: 'uploads', bytes: 0n },
      { name: 'database', bytes: 2n * gib },
      { name: 'copies', bytes: 1n * gib },
      { name: 'other', bytes: 12n * gib },
      { name: 'reserved', bytes: 4n * gib },
      { name: 'free', bytes: 36n * gib },
    ],
    fileSystem: { size: 100n * gib, used: 60n * gib, free: 36n * gib, minFree: 6n * gib },
    quarantinedBlobs: 2,
    largest: [
      { name: 'ml/training', ownBytes: 20n * gib },
      { name: 'team/app', ownBytes: 9n * gib },
    ],
    samples: [sampled(9, 51n * gib), sampled(8, 52n * gib), sampled(0, 60n * gib)],
    growth: { state: 'growing', bytesPerDay: gib, fullAt: timestampFromMs(today + 30 * dayMs) },
  };
  const shown = async (one: typeof storage, path = '/storage') => {
    storage = one;
    later();
    const { body, status } = await stage.admin.get(path);
    expect(status).toBe(200);
    return { body, text: body.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ') };
  };

  test.each(['/', '/storage'])('is a map with numbers that add up to the size of the disk, on %s', async (path) => {
    const { body, text } = await shown(disk, path);
    expect(text).toContain('60 GiB of 100 GiB');
    const table = /<h2 id="space">.*?<table.*?<\/table>/su.exec(body)?.[0] ?? '';
    const bytes = [...table.matchAll(/data-label="Bytes">(.*?)</g)].map(([, digits]) =>
      BigInt(digits!.replaceAll(',', '')),
    );
    expect(bytes).toHaveLength(10);
    expect(bytes.slice(0, -1).reduce((sum, part) => sum + part, 0n)).toBe(bytes.at(-1));
    expect(text).toContain('40 GiB in 14 repositories, shared layers counted once');
    const widths = [...(/<svg class="bar".*?<\/svg>/su.exec(body)?.[0] ?? '').matchAll(/width="([\d.]+)%"/g)];
    expect(widths.reduce((sum, [, width]) => sum + Number(width), 0)).toBeCloseTo(100, 1);
  });

  test('links each part to where one can do something about it', async () => {
    const { body } = await shown(disk);
    for (const [name, href] of [
      ['Only in one repository', '/repositories?sort=size'],
      ['Waiting for collection', '/storage#gc'],
      ['Copies of the database', '/storage#snapshots'],
      ['Database and its log', '/audit'],
      ['2 blobs in quarantine', '/audit?type=blob_quarantined'],
    ])
      expect(body).toContain(`<a href="${href}">${name}</a>`);
    expect(body).toContain('<a href="/repositories/ml/training"><title>ml/training: 20 GiB</title>');
    expect(body).toContain('<title>12 others: 1 GiB</title>');
    expect(body).toContain('<title>Shared by several: 10 GiB</title>');
  });

  test('says when the disk is full, in words, in the chart and on the front page', async () => {
    const { body, text } = await shown(disk);
    expect(text).toContain('The disk is full around 2 March 2126. That is 30 days at the present growth. 5 GiB wait');
    expect(text).toContain(
      '1 GiB a day more, in the last 30 days. At this rate pushes are rejected from 2 March 2126 on.',
    );
    expect(body).toContain('<title>Full on 2 March 2126 at this rate</title>');
    expect(body).toContain('Room for 90 GiB');
    expect(text).toContain('2126-01-22 25.5 GiB 51 GiB');
    expect((await shown(disk, '/')).text).toContain('The disk is full around 2 March 2126.');
  });

  test.each([
    ['unknown', { state: 'unknown', daysMissing: 3 }, 'once there are samples of 7 days: in 3 days.'],
    ['steady', { state: 'steady', bytesPerDay: 5n }, 'About as much as 30 days ago.'],
    ['shrinking', { state: 'shrinking', bytesPerDay: -gib }, '1 GiB a day less, in the last 30 days.'],
    ['growing slowly', { state: 'growing', bytesPerDay: gib }, 'At this rate there is room for more than ten years.'],
  ])('promises no day while it is %s', async (_, growth, sentence) => {
    const { text, body } = await shown({ ...disk, growth });
    expect(text).toContain(sentence);
    expect(text).not.toContain('The disk is full');
    expect(body).not.toContain('Full on');
  });

  test('says that pushes are rejected when no more than the minimum is free', async () => {
    const fileSystem = { size: 100n * gib, used: 90n * gib, free: 6n * gib, minFree: 6n * gib };
    const { text } = await shown({ ...disk, fileSystem });
    expect(text).toContain('The disk is full: pushes are rejected. 6 GiB are free.');
  });

  test('of a bucket is what it holds, with no end to it', async () => {
    const { fileSystem: _, parts = [], samples = [], ...rest } = disk;
    const { text } = await shown({
      ...rest,
      driver: 's3',
      totalBytes: 45n * gib,
      parts: parts.slice(0, 4),
      samples: samples.map(({ usedBytes: _used, ...one }) => one),
      growth: { state: 'growing', bytesPerDay: gib },
    });
    expect(text).toContain('Bucket 45 GiB');
    expect(text).toContain('A bucket does not say how much more it can take');
    expect(text).toContain('GiB stored, 90 days back and ahead');
    expect(text).not.toMatch(/disk is full|ten years|Room for/);
  });

  test('may be less than what the files say, where the file system compresses', async () => {
    const parts = [
      { name: 'own', bytes: 70n * gib },
      { name: 'other', bytes: -10n * gib },
      { name: 'free', bytes: 40n * gib },
    ];
    const { text } = await shown({ ...disk, parts });
    expect(text).toContain('Saved by the file system −10 GiB');
  });
});
