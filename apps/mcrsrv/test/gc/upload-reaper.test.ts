import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '@mcr/core';
import { layerFiles } from '@mcr/stress';
import { expect, test } from 'vitest';
import { appendToUpload } from '../../src/services/uploads/append.ts';
import { finishUpload } from '../../src/services/uploads/finish.ts';
import { startUpload } from '../../src/services/uploads/start.ts';
import { uploadStatus } from '../../src/services/uploads/status.ts';
import { collectUpTo, useRegistry } from './_fixture.ts';
import { app, caller, collect, gracePeriod, isWhole, minute } from './_registry.ts';
import { partOf } from './_verbs.ts';

const layer = digestOf('layer');
const current = useRegistry();
/** The directory's configuration has an hour for both. */
const uploadTtl = gracePeriod;

const uploadFiles = () => readdir(join(current.directory.path, 'uploads'));

test('an upload is removed when it was not touched for the configured time, and not before', async () => {
  const { registry } = current;
  const { services, clock } = registry;
  const idle = await startUpload(services, caller, app);
  clock.advance(minute);
  const busy = await startUpload(services, caller, app);
  clock.advance(uploadTtl - minute);
  await appendToUpload(services, caller, { repository: app, id: busy.id }, partOf('lay'));
  clock.advance(minute);
  expect(await collect(registry)).toMatchObject({ uploadsRemoved: 1 });
  expect(await uploadFiles()).toEqual([expect.stringContaining(busy.id)]);
  const gone = uploadStatus(services, caller, { repository: app, id: idle.id });
  await expect(gone).rejects.toMatchObject({ code: 'BLOB_UPLOAD_UNKNOWN' });
  await finishUpload(services, caller, { repository: app, id: busy.id }, layer, partOf('er'));
  expect(await isWhole(registry, app, layer)).toBe(true);
});

test('bytes of an upload that has no row go as well', async () => {
  const { registry } = current;
  await registry.services.blobs.append(randomUUID(), partOf('no row').source);
  expect(await collect(registry)).toMatchObject({ uploadsRemoved: 0 });
  registry.clock.advance(uploadTtl + minute);
  expect(await collect(registry)).toMatchObject({ uploadsRemoved: 1 });
  expect(await uploadFiles()).toEqual([]);
});

test('more idle uploads than one slice go in one run', async () => {
  const { registry } = current;
  for (let n = 0; n < 120; n += 1) await startUpload(registry.services, caller, app);
  registry.clock.advance(uploadTtl + minute);
  expect(await collect(registry)).toMatchObject({ uploadsRemoved: 120 });
  expect(await uploadFiles()).toEqual([]);
});

test('pieces of idle uploads are removed by the run that ends the uploads', async () => {
  const { registry } = current;
  const { services, clock } = registry;
  for (let n = 0; n < 3; n += 1) {
    const { id } = await startUpload(services, caller, app);
    await appendToUpload(services, caller, { repository: app, id }, partOf(`piece ${n}`));
  }
  expect(await uploadFiles()).toHaveLength(3);
  clock.advance(uploadTtl + minute);
  const expected = { uploadsRemoved: 3, blobsRemoved: 0, bytesFreed: 0, orphansRemoved: 0 };
  expect(await collect(registry)).toMatchObject(expected);
  expect(await uploadFiles()).toEqual([]);
  expect(await services.store.gc.listTrash({ limit: 10 })).toEqual([]);
});

test('an idle upload stays with the client that has just come back to it', async () => {
  const { registry } = current;
  const { services, steps, clock } = registry;
  const { id } = await startUpload(services, caller, app);
  clock.advance(uploadTtl + minute);
  const run = await collectUpTo(registry, steps.holdBefore('uploads.reap'));
  const appending = steps.holdBefore('append');
  const commit = finishUpload(services, caller, { repository: app, id }, layer, partOf('layer'));
  await appending.reached;
  expect(await run.finish()).toMatchObject({ state: 'completed', uploadsRemoved: 0 });
  appending.release();
  expect(await commit).toMatchObject({ digest: layer });
  expect(await isWhole(registry, app, layer)).toBe(true);
});

test('a part whose bytes come slowly keeps its upload, however long it takes, and touches it seldom', async () => {
  const { registry } = current;
  const { services, steps, clock } = registry;
  const target = { repository: app, id: (await startUpload(services, caller, app)).id };
  async function* slowly() {
    for (const byte of 'layer'.repeat(20)) {
      clock.advance(uploadTtl / 10);
      expect(await collect(registry)).toMatchObject({ uploadsRemoved: 0 });
      yield Buffer.from(byte);
    }
  }
  await appendToUpload(services, caller, target, { source: slowly(), cancel: () => {} });
  // Ten times the time to live, at three times per time to live, or the next byte after that.
  expect(steps.calls.filter((call) => call === 'uploads.touch').length).toBeLessThanOrEqual(30);
  expect(await uploadStatus(services, caller, target)).toMatchObject({ offset: 100 });
});

test('a part whose upload was ended while it came is told so, and leaves nothing', async () => {
  const { registry } = current;
  const { services, clock } = registry;
  const target = { repository: app, id: (await startUpload(services, caller, app)).id };
  async function* late() {
    yield Buffer.from('lay');
    clock.advance(uploadTtl + minute);
    await collect(registry);
    yield Buffer.from('er');
  }
  const appended = appendToUpload(services, caller, target, { source: late(), cancel: () => {} });
  await expect(appended).rejects.toMatchObject({ code: 'BLOB_UPLOAD_UNKNOWN' });
  expect(await uploadFiles()).toEqual([]);
});

test('a client that comes after its idle upload was ended is told to begin anew', async () => {
  const { registry } = current;
  const { services, steps, clock } = registry;
  const { id } = await startUpload(services, caller, app);
  await appendToUpload(services, caller, { repository: app, id }, partOf('lay'));
  clock.advance(uploadTtl + minute);
  const run = await collectUpTo(registry, steps.holdBefore('remove'));
  const commit = finishUpload(services, caller, { repository: app, id }, layer, partOf('er'));
  await expect(commit).rejects.toMatchObject({ code: 'BLOB_UPLOAD_UNKNOWN' });
  expect(await run.finish()).toMatchObject({ uploadsRemoved: 1 });
  expect(await uploadFiles()).toEqual([]);
});

test.each(['seal', 'uploads.pieces'])(
  'an upload that is ended while it becomes a blob, after %s, is no blob',
  async (call) => {
    const { registry } = current;
    const { services, steps, clock } = registry;
    const target = { repository: app, id: (await startUpload(services, caller, app)).id };
    await appendToUpload(services, caller, target, partOf('lay'));
    // A second piece, as after a restart.
    const { piece } = await services.blobs.append(target.id, partOf('er').source);
    await services.store.uploads.advance({ id: target.id, version: 1, offset: 5, piece: piece!, now: clock.now() });
    const held = steps.holdAfter(call);
    const commit = finishUpload(services, caller, target, layer, partOf(''));
    const rejected = expect(commit).rejects.toMatchObject({ code: 'BLOB_UPLOAD_UNKNOWN' });
    await held.reached;
    clock.advance(uploadTtl + minute);
    expect(await collect(registry)).toMatchObject({ uploadsRemoved: 1 });
    held.release();
    await rejected;
    expect(await services.store.blobs.findByDigest(layer)).toBeUndefined();
    expect(await layerFiles(current.directory.path)).toEqual([]);
    expect(await uploadFiles()).toEqual([]);
  },
);

test('asking for the status of an upload that is becoming a blob leaves nothing behind', async () => {
  const { registry } = current;
  const { services, steps } = registry;
  const target = { repository: app, id: (await startUpload(services, caller, app)).id };
  const sealed = steps.holdAfter('seal');
  const commit = finishUpload(services, caller, target, layer, partOf('layer'));
  await sealed.reached;
  await uploadStatus(services, caller, target);
  sealed.release();
  await commit;
  expect(await uploadFiles()).toEqual([]);
});
