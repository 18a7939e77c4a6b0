import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Responses } from './_util/registry.ts';
import { type Stage, startStage } from './_util/stage.ts';

const htmx = { 'hx-request': 'true' };
let age: number | undefined;
const due = Date.UTC(2126, 0, 2);
const waiting = {
  pending: { blobs: 3, bytes: 2048n, firstDueAt: timestampFromMs(due), lastDueAt: timestampFromMs(due + 3_600_000) },
  nextRunAt: timestampFromMs(due + 7_200_000),
};
const responses: Responses = {
  registry: {
    getGCStatus: () => {
      if (age === undefined) return { lastRun: { state: 'completed', blobsRemoved: 7 }, ...waiting };
      return { running: true, currentRun: { examined: 3, startedAt: timestampFromMs(Date.now() - age) } };
    },
    listGCRuns: ({ pageToken }) => ({ runs: [{ state: 'completed' }], nextPageToken: pageToken === '' ? 'two' : '' }),
  },
  admin: { listSnapshots: () => ({ snapshots: [{ name: 'mcr-1.db' }], nextPageToken: 'more' }) },
};

let stage: Stage;
beforeAll(async () => {
  stage = await startStage(responses);
});
afterAll(() => stage[Symbol.asyncDispose]());
beforeEach(() => {
  age = undefined;
  stage.registry.calls.length = 0;
});

test('the page takes one round of calls, and says if its lists are truncated', async () => {
  const { body } = await stage.admin.get('/storage');
  expect(stage.registry.calls.toSorted()).toEqual([
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
