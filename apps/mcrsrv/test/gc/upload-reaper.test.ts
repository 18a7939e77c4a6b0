import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '@mcr/core';
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
  expect(await uploadFiles()).toEqual([busy.id]);
  const gone = uploadStatus(services, caller, { repository: app, id: idle.id });
  await expect(gone).rejects.toMatchObject({ code: 'BLOB_UPLOAD_UNKNOWN' });
  await finishUpload(services, caller, { repository: app, id: busy.id }, layer, partOf('er'));
  expect(await isWhole(registry, app, layer)).toBe(true);
});

test('bytes of an upload that has no row go as well', async () => {
  const { registry } = current;
  await registry.services.blobs.createUpload(randomUUID());
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

test('an idle upload stays with the client that has just come back to it', async () => {
  const { registry } = current;
  const { services, steps, clock } = registry;
  const { id } = await startUpload(services, caller, app);
  clock.advance(uploadTtl + minute);
  const run = await collectUpTo(registry, steps.holdAfter('uploads.listIdle'));
  const appending = steps.holdBefore('append');
  const commit = finishUpload(services, caller, { repository: app, id }, layer, partOf('layer'));
  await appending.reached;
  expect(await run.finish()).toMatchObject({ state: 'completed', uploadsRemoved: 0 });
  appending.release();
  expect(await commit).toMatchObject({ digest: layer });
  expect(await isWhole(registry, app, layer)).toBe(true);
});

test('an upload that got a part after it was listed as idle stays', async () => {
  const { registry } = current;
  const { services, steps, clock } = registry;
  const target = { repository: app, id: (await startUpload(services, caller, app)).id };
  clock.advance(uploadTtl + minute);
  const run = await collectUpTo(registry, steps.holdAfter('uploads.listIdle'));
  await appendToUpload(services, caller, target, partOf('lay'));
  expect(await run.finish()).toMatchObject({ state: 'completed', uploadsRemoved: 0 });
  expect(await finishUpload(services, caller, target, layer, partOf('er'))).toMatchObject({ digest: layer });
});

test('a client that comes while its idle upload is being removed is told to begin anew', async () => {
  const { registry } = current;
  const { services, steps, clock } = registry;
  const { id } = await startUpload(services, caller, app);
  clock.advance(uploadTtl + minute);
  const run = await collectUpTo(registry, steps.holdBefore('discardUpload'));
  const commit = finishUpload(services, caller, { repository: app, id }, layer, partOf('layer'));
  const rejected = expect(commit).rejects.toMatchObject({ code: 'BLOB_UPLOAD_UNKNOWN' });
  expect(await run.finish()).toMatchObject({ uploadsRemoved: 1 });
  await rejected;
  expect(await uploadFiles()).toEqual([]);
});

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
