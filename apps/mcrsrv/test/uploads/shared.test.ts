import { readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Digest, digestOf } from '@mcr/core';
import type { BlobStore } from '@mcr/storage';
import { layerFiles } from '@mcr/stress';
import { beforeEach, describe, expect, test } from 'vitest';
import { findBlob, openBlob } from '../../src/services/blobs/open.ts';
import { appendToUpload } from '../../src/services/uploads/append.ts';
import { cancelUpload } from '../../src/services/uploads/cancel.ts';
import type { UploadTarget } from '../../src/services/uploads/find.ts';
import { finishUpload } from '../../src/services/uploads/finish.ts';
import { startUpload } from '../../src/services/uploads/start.ts';
import { uploadStatus } from '../../src/services/uploads/status.ts';
import { maxPieces, type UploadPart } from '../../src/services/uploads/write.ts';
import { sqlFromOutside } from '../_util/outside.ts';
import { type RegistryDirectory, registryDirectory } from '../gc/_directory.ts';
import { collectUpTo } from '../gc/_fixture.ts';
import {
  app,
  caller,
  collect,
  gracePeriod,
  isWhole,
  minute,
  openRegistry,
  type Registry,
  TestClock,
} from '../gc/_registry.ts';
import { partOf, push, pushInSteps, pushManifest } from '../gc/_verbs.ts';

const layer = digestOf('layer');
const uploadTtl = gracePeriod;
const uploadFiles = () => readdir(join(directory.path, 'uploads'));

/** Two registries on one directory, as two processes have it: all that they share are database and files. */
let directory: RegistryDirectory;
let clock: TestClock;
let a: Registry;
let b: Registry;

beforeEach(async () => {
  await using cleanup = new AsyncDisposableStack();
  directory = cleanup.use(await registryDirectory({ MCR_STORAGE_SHARED: 'true' }));
  clock = new TestClock();
  a = cleanup.use(await openRegistry(directory, clock));
  b = cleanup.use(await openRegistry(directory, clock));
  const owned = cleanup.move();
  return () => owned.disposeAsync();
});

async function begin(): Promise<UploadTarget> {
  return { repository: app, id: (await startUpload(a.services, caller, app)).id };
}

const append = ({ services }: Registry, target: UploadTarget, part: UploadPart) =>
  appendToUpload(services, caller, target, part);
const finish = ({ services }: Registry, target: UploadTarget, digest: Digest, text = '') =>
  finishUpload(services, caller, target, digest, partOf(text));

/** A part that claims a range, and whose end the test decides on. */
function heldPart(text: string, start: number): { readonly part: UploadPart; begun: Promise<void>; end(): void } {
  const [begun, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  async function* source() {
    yield Buffer.from(text.slice(0, 1));
    begun.resolve();
    await gate.promise;
    yield Buffer.from(text.slice(1));
  }
  const range = { start, end: start + text.length - 1 };
  return { part: { range, source: source(), cancel: () => {} }, begun: begun.promise, end: () => gate.resolve() };
}

describe('an upload whose requests reach both of two processes', () => {
  test('goes on at one where the other has left it, and closes at either', async () => {
    const target = await begin();
    await append(a, target, partOf('one '));
    await append(b, target, partOf('two '));
    expect(await append(a, target, partOf('three'))).toMatchObject({ offset: 13 });
    expect(await finish(b, target, digestOf('one two three'))).toMatchObject({ size: 13 });
    expect(await isWhole(a, app, digestOf('one two three'))).toBe(true);
    expect(await uploadFiles()).toEqual([]);
  });

  test('has right bytes although a wrong Content-Range reached one while the other was writing', async () => {
    const target = await begin();
    const slow = heldPart('layer', 0);
    const appended = append(a, target, slow.part);
    await slow.begun;
    const wrong = append(b, target, { ...partOf('xxx'), range: { start: 3, end: 5 } });
    await expect(wrong).rejects.toMatchObject({ code: 'RANGE_UNSATISFIABLE', facts: { upload: { offset: 0 } } });
    slow.end();
    expect(await appended).toMatchObject({ offset: 5 });
    await finish(b, target, layer);
    expect(await isWhole(a, app, layer)).toBe(true);
  });

  test('takes the part that is recorded first, and tells the other request where it continues', async () => {
    const target = await begin();
    await append(a, target, partOf('la'));
    const slow = heldPart('xxx', 2);
    const late = append(a, target, slow.part);
    await slow.begun;
    expect(await append(b, target, partOf('yer'))).toMatchObject({ offset: 5 });
    slow.end();
    await expect(late).rejects.toMatchObject({ code: 'RANGE_UNSATISFIABLE', facts: { upload: { offset: 5 } } });
    expect(await uploadFiles()).toHaveLength(2);
    await finish(a, target, layer);
    expect(await isWhole(b, app, layer)).toBe(true);
    expect(await uploadFiles()).toEqual([]);
  });

  test('closes once, also when both are asked to at the same time', async () => {
    const target = await begin();
    await append(a, target, partOf('layer'));
    const closed = await Promise.allSettled([finish(a, target, layer), finish(b, target, layer)]);
    const codes = closed.map((it) => (it.status === 'fulfilled' ? 'closed' : it.reason.code));
    expect(new Set(codes)).toEqual(new Set(['BLOB_UPLOAD_UNKNOWN', 'closed']));
    expect(await isWhole(b, app, layer)).toBe(true);
    expect(await uploadFiles()).toEqual([]);
    expect(await a.services.store.audit.list({ type: 'blob_uploaded', limit: 10 })).toHaveLength(1);
  });

  test('is not closed in a state that a request at the other has changed', async () => {
    const target = await begin();
    await append(a, target, partOf('lay'));
    const sealed = a.steps.holdAfter('seal');
    const closing = finish(a, target, digestOf('lay'));
    await sealed.reached;
    await append(b, target, partOf('er'));
    sealed.release();
    await expect(closing).rejects.toMatchObject({ code: 'RANGE_UNSATISFIABLE', facts: { upload: { offset: 5 } } });
    expect(await a.services.store.blobs.findByDigest(digestOf('lay'))).toBeUndefined();
    await finish(b, target, layer);
    expect(await isWhole(a, app, layer)).toBe(true);
  });

  test('that is canceled at one ends at the other, and nothing stays', async () => {
    const target = await begin();
    await append(a, target, partOf('la'));
    const slow = heldPart('yer', 2);
    const late = append(a, target, slow.part);
    await slow.begun;
    await cancelUpload(b.services, caller, target);
    slow.end();
    await expect(late).rejects.toMatchObject({ code: 'BLOB_UPLOAD_UNKNOWN' });
    await expect(uploadStatus(a.services, caller, target)).rejects.toMatchObject({ code: 'BLOB_UPLOAD_UNKNOWN' });
    expect(await uploadFiles()).toEqual([]);
  });

  test('has a maximum of parts, of which the next one is rejected before its bytes are read', async () => {
    const target = await begin();
    const pieces = `WITH RECURSIVE n (at) AS (SELECT 0 UNION ALL SELECT at + 1 FROM n WHERE at < ${maxPieces - 2})
      INSERT INTO upload_pieces SELECT '${target.id}', at, 'uploads/${target.id}.' || printf('%012x', at), 1 FROM n;
      UPDATE uploads SET byte_offset = ${maxPieces - 1}`;
    await sqlFromOutside({ directory: directory.path }, pieces);
    // The files of these pieces are not there, which only their last one shows.
    const last = `${target.id}.${(maxPieces - 2).toString(16).padStart(12, '0')}`;
    await writeFile(join(directory.path, 'uploads', last), 'x');
    expect(await append(a, target, partOf('x'))).toMatchObject({ offset: maxPieces });
    const untouched = partOf('y');
    const rejected = append(b, target, untouched);
    await expect(rejected).rejects.toMatchObject({ code: 'BLOB_UPLOAD_INVALID', detail: { parts: maxPieces } });
    await expect(finish(b, target, layer, 'y')).rejects.toMatchObject({ code: 'BLOB_UPLOAD_INVALID' });
    expect(await new Response(untouched.source as never).text()).toBe('y');
    expect(await uploadStatus(a.services, caller, target)).toMatchObject({ offset: maxPieces });
    await cancelUpload(b.services, caller, target);
  });

  test('is not reaped by one while the other slowly writes to it, past gc.upload_ttl', async () => {
    const target = await begin();
    async function* slowly() {
      for (const byte of 'layer') {
        yield Buffer.from(byte);
        clock.advance(uploadTtl / 2);
        expect(await collect(b)).toMatchObject({ state: 'completed', uploadsRemoved: 0 });
      }
    }
    await append(a, target, { source: slowly(), cancel: () => {} });
    await finish(b, target, layer);
    expect(await isWhole(a, app, layer)).toBe(true);
  });
});

describe('garbage collection at one process, pushes at the other', () => {
  test('lose no blob of 300 that are collected and pushed again at the same time', async () => {
    // Files have the time of the machine, and would all be old by the clock of this test.
    const env = { MCR_STORAGE_SHARED: 'true', MCR_GC_UPLOAD_TTL: '10000h' };
    await using own = await registryDirectory(env);
    await using collecting = await openRegistry(own, clock);
    await using pushing = await openRegistry(own, clock);
    const texts = Array.from({ length: 10 }, (_, at) => `blob ${at}`);
    let [whole, removed] = [0, 0];
    for (let round = 0; round < 30; round += 1) {
      // Every blob of the round before is garbage now.
      clock.advance(gracePeriod + 1);
      const running = collect(collecting);
      // Pushes begin at different points of the collection.
      await sleep(round);
      await Promise.all(texts.map((text, at) => (at % 2 === 0 ? push : pushInSteps)(pushing, text)));
      const looks = await Promise.all(texts.map((text) => isWhole(pushing, app, digestOf(text)).catch(() => false)));
      whole += looks.filter((look) => look).length;
      removed += (await running).blobsRemoved;
    }
    expect(whole).toBe(300);
    // It has had something to do.
    expect(removed).toBeGreaterThan(100);
  });

  test.each([
    ['a name of its own', (blobs: BlobStore) => blobs, true],
    ['the name of its digest, as a control that this test notices a loss', (blobs: BlobStore) => named(blobs), false],
  ])('meet in one digest, where each seal gets %s', async (_what, blobs, survives) => {
    await using pushing = await openRegistry(directory, clock, { blobs });
    await push(pushing, 'layer');
    clock.advance(gracePeriod);
    const run = await collectUpTo(a, a.steps.holdBefore('remove'));
    const sealed = pushing.steps.holdAfter('seal');
    const pushed = push(pushing, 'layer');
    await sealed.reached;
    expect(await run.finish()).toMatchObject({ state: 'completed', blobsRemoved: 1 });
    sealed.release();
    expect(await pushed).toMatchObject({ digest: layer });
    expect(await isWhole(b, app, layer).catch(() => false)).toBe(survives);
  });

  test('do not acknowledge what was swept while the process that pushes was stopped', async () => {
    await push(b, 'other');
    await pushManifest(b, ['other']);
    const sealed = b.steps.holdAfter('seal');
    const stopped = push(b, 'layer');
    const rejected = expect(stopped).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await sealed.reached;
    clock.advance(gracePeriod + minute);
    expect(await collect(a, { reconcile: true })).toMatchObject({ orphansRemoved: 1 });
    expect(await a.services.store.gc.listTrash({ limit: 10 })).toEqual([]);
    sealed.release();
    await rejected;
    await push(b, 'layer');
    expect(await isWhole(a, app, layer)).toBe(true);
  });

  test('do not acknowledge a part that was swept before it was recorded', async () => {
    const target = await begin();
    const appended = b.steps.holdAfter('append');
    const stopped = append(b, target, partOf('layer'));
    const rejected = expect(stopped).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await appended.reached;
    // The upload itself is kept by a request at the other process.
    clock.advance(uploadTtl + minute);
    await a.services.store.uploads.touch({ id: target.id, now: clock.now() });
    expect(await collect(a)).toMatchObject({ uploadsRemoved: 1 });
    expect(await uploadFiles()).toEqual([]);
    appended.release();
    await rejected;
    expect(await append(b, target, partOf('layer'))).toMatchObject({ offset: 5 });
    await finish(a, target, layer);
    expect(await isWhole(b, app, layer)).toBe(true);
  });

  test('find a blob that was pushed again since it was looked up, under its new locator', async () => {
    await push(a, 'layer');
    const before = await findBlob(a.services, caller, app, layer);
    await b.services.blobs.remove(before.locator);
    // At b its loss is noticed, and a push heals it.
    await expect(openBlob(b.services, app, before)).rejects.toMatchObject({ code: 'BLOB_UNKNOWN' });
    const after = await push(b, 'layer');
    expect(after.locator).not.toBe(before.locator);
    const content = await openBlob(a.services, app, before);
    expect(await new Response(content.stream()).text()).toBe('layer');
    expect(await a.services.store.blobs.countQuarantined()).toBe(0);
  });

  test('heal a blob that is pushed again, whose loss was not noticed before', async () => {
    const { locator } = await push(a, 'layer');
    await a.services.blobs.remove(locator);
    expect(await pushInSteps(b, 'layer')).not.toMatchObject({ locator });
    expect(await isWhole(a, app, layer)).toBe(true);
    const events = await a.services.store.audit.list({ limit: 2 });
    expect(events.map(({ type }) => type)).toEqual(['blob_uploaded', 'blob_quarantined']);
  });

  test('keep the file that is there when it is sound, and leave no other', async () => {
    const first = await push(a, 'layer');
    expect(await push(b, 'layer')).toEqual(first);
    expect(await pushInSteps(a, 'layer')).toEqual(first);
    expect(await layerFiles(directory.path)).toEqual([first.locator]);
    expect(await a.services.store.gc.listTrash({ limit: 10 })).toEqual([]);
  });

  test('keep bytes for gc.trash_retention after nothing refers to them', async () => {
    const env = { MCR_STORAGE_SHARED: 'true', MCR_GC_TRASH_RETENTION: '2h' };
    await using own = await registryDirectory(env);
    await using registry = await openRegistry(own, clock);
    const { locator } = await push(registry, 'layer');
    clock.advance(gracePeriod);
    expect(await collect(registry)).toMatchObject({ blobsRemoved: 0 });
    expect(await registry.services.store.blobs.findByDigest(layer)).toBeUndefined();
    clock.advance(2 * gracePeriod - 1);
    expect(await collect(registry)).toMatchObject({ blobsRemoved: 0 });
    expect(await layerFiles(own.path)).toEqual([locator]);
    clock.advance(1);
    expect(await collect(registry)).toMatchObject({ blobsRemoved: 1, bytesFreed: 5 });
    expect(await layerFiles(own.path)).toEqual([]);
  });

  test('may collect at both, one after the other, and leave nothing', async () => {
    for (const text of ['one', 'two', 'three']) await push(a, text);
    clock.advance(gracePeriod);
    const results = await Promise.allSettled([collect(a), collect(b)]);
    const runs = results.flatMap((it) => (it.status === 'fulfilled' ? [it.value] : []));
    expect(runs.length).toBeGreaterThan(0);
    for (const run of runs) expect(run).toMatchObject({ state: 'completed' });
    await collect(b);
    expect(await a.services.store.gc.pending()).toEqual({ blobs: 0, bytes: 0 });
  });
});

/** Gives each seal the name of its digest alone, in place of the file of before, as older versions did. */
function named(blobs: BlobStore): BlobStore {
  return new Proxy(blobs, {
    get(target, name) {
      if (name === 'seal') {
        return async (...input: Parameters<BlobStore['seal']>) => {
          const { locator } = await target.seal(...input);
          const [digestAlone = ''] = locator.split('.');
          const path = (of: string) => join(directory.path, 'layers', of);
          await rename(path(locator), path(digestAlone));
          return { locator: digestAlone };
        };
      }
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
