import { describe, expect, test } from 'vitest';
import { app, change, hour, other, start, trashed } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

export function uploadContract(current: CurrentStore): void {
  const create = (id: string, now = start, repository = app) =>
    current.store.uploads.create({ id, repository, createdBy: 'ada', now });
  const step = (id: string, index: number, size: number) => ({
    id,
    version: index,
    offset: size,
    piece: pieceOf(id, index, size),
  });
  const addPieces = async (id: string, ...sizes: number[]) => {
    for (const [index, size] of sizes.entries()) {
      await current.store.uploads.advance({ ...step(id, index, size), now: start });
    }
  };
  const left = async () => (await current.store.inspection.listUploads({ limit: 10 })).map(({ id }) => id);

  describe('uploads', () => {
    test('an upload begins with nothing and creates its repository', async () => {
      const { store } = current;
      const record = await create('u1');
      expect(record).toMatchObject({ id: 'u1', repository: app, createdBy: 'ada', offset: 0, touchedAt: start });
      expect(record).not.toHaveProperty('sha256AtOffset');
      expect(await store.uploads.get('u1')).toEqual(record);
      expect(await store.repositories.list({ limit: 10 })).toEqual([app]);
      expect(await store.uploads.get('u2')).toBeUndefined();
    });

    test('creating it again changes nothing', async () => {
      const { store } = current;
      const { version } = await create('u1');
      const advanced = await store.uploads.advance({ id: 'u1', version, offset: 5, now: start });
      expect(await create('u1')).toEqual(advanced);
    });

    test('progress is recorded for the writer that knows the version, and for no other', async () => {
      const { store } = current;
      const { version } = await create('u1');
      const step = { id: 'u1', version, offset: 7 * 2 ** 32, sha256AtOffset: 'ab12', now: start + 1 };
      const advanced = await store.uploads.advance(step);
      expect(advanced).toMatchObject({ offset: 7 * 2 ** 32, sha256AtOffset: 'ab12', touchedAt: start + 1 });
      expect(await store.uploads.advance({ ...step, offset: 1 })).toBeUndefined();
      expect(await store.uploads.get('u1')).toEqual(advanced);
    });

    test('of two writers with the same version one wins', async () => {
      const { store } = current;
      const { version } = await create('u1');
      const results = await Promise.all(
        [10, 20].map((offset) => store.uploads.advance({ id: 'u1', version, offset, now: start })),
      );
      expect(results.filter((result) => result !== undefined)).toHaveLength(1);
    });

    test('a hash that is not known any more is forgotten', async () => {
      const { store } = current;
      const { version } = await create('u1');
      const first = await store.uploads.advance({ id: 'u1', version, offset: 1, sha256AtOffset: 'ab', now: start });
      await store.uploads.advance({ id: 'u1', version: first?.version ?? -1, offset: 2, now: start });
      expect(await store.uploads.get('u1')).not.toHaveProperty('sha256AtOffset');
    });

    test('an upload can be deleted once, and leaves its pieces to the caller', async () => {
      const { store } = current;
      await create('u1');
      await addPieces('u1', 1, 2);
      expect(await store.uploads.delete({ id: 'u1', version: 1 })).toBeUndefined();
      expect(await store.uploads.delete({ id: 'u1', version: 2 })).toEqual([pieceOf('u1', 0, 1), pieceOf('u1', 1, 2)]);
      expect(await store.uploads.delete({ id: 'u1' })).toBeUndefined();
      expect(await store.uploads.advance({ id: 'u1', version: 2, offset: 1, now: start })).toBeUndefined();
      expect(await store.blobs.isLocatorUsed(pieceOf('u1', 0, 1).locator)).toBe(false);
      expect(await trashed(store)).toEqual([]);
    });

    test('pieces are recorded with the progress that they brought, and the last one may grow', async () => {
      const { store } = current;
      const { version } = await create('u1');
      expect(await store.uploads.pieces({ id: 'u1', version })).toEqual([]);
      const first = await store.uploads.advance({
        id: 'u1',
        version,
        offset: 5,
        piece: pieceOf('u1', 0, 5),
        now: start,
      });
      expect(first?.last).toEqual({ ...pieceOf('u1', 0, 5), position: 0 });
      const grown = { id: 'u1', version: 1, offset: 7, piece: pieceOf('u1', 0, 7), now: start };
      expect((await store.uploads.advance(grown))?.last).toEqual({ ...pieceOf('u1', 0, 7), position: 0 });
      const second = { id: 'u1', version: 2, offset: 8, piece: pieceOf('u1', 1, 1), now: start };
      expect((await store.uploads.advance(second))?.last).toEqual({ ...pieceOf('u1', 1, 1), position: 1 });
      expect(await store.uploads.advance({ ...second, piece: pieceOf('u1', 2, 1) })).toBeUndefined();
      expect((await store.uploads.get('u1'))?.last).toEqual({ ...pieceOf('u1', 1, 1), position: 1 });
      expect(await store.uploads.pieces({ id: 'u1', version: 3 })).toEqual([pieceOf('u1', 0, 7), pieceOf('u1', 1, 1)]);
      expect(await store.uploads.pieces({ id: 'u1', version: 2 })).toBeUndefined();
      expect(await store.blobs.isLocatorUsed(pieceOf('u1', 1, 1).locator)).toBe(true);
    });

    test('a piece that was swept before it was recorded is rejected, and nothing changes', async () => {
      const { store } = current;
      const before = await create('u1');
      const piece = pieceOf('u1', 0, 5);
      expect(await store.gc.sweep({ ...piece, kind: 'piece', now: start })).toBe(true);
      await store.gc.dropTrash(piece.locator);
      const late = store.uploads.advance({ id: 'u1', version: 0, offset: 5, piece, now: start });
      await expect(late).rejects.toMatchObject({ code: 'UNAVAILABLE' });
      expect(await store.uploads.get('u1')).toEqual(before);
      const recorded = { id: 'u1', version: 0, offset: 5, piece: pieceOf('u1', 1, 5), now: start };
      expect(await store.uploads.advance(recorded)).toBeDefined();
      expect(await store.gc.sweep({ ...pieceOf('u1', 1, 5), kind: 'piece', now: start })).toBe(false);
    });

    test.each([
      [8, [3, 3, 2], []],
      [6, [3, 3], [2]],
      [4, [3, 1], [2]],
      [0, [], [0, 1, 2]],
    ])('is cut back to %i bytes, and what lies beyond is trash', async (offset, sizes, cut) => {
      const { store } = current;
      await create('u1');
      await addPieces('u1', 3, 3, 2);
      const input = { id: 'u1', version: 3, offset, now: start + 1 };
      const record = await store.uploads.cutBack(input);
      expect(record).toMatchObject({ offset, version: 4, touchedAt: start + 1 });
      expect(record).not.toHaveProperty('sha256AtOffset');
      expect(await store.uploads.get('u1')).toEqual(record);
      const left = await store.uploads.pieces({ id: 'u1', version: 4 });
      expect(left).toEqual(sizes.map((size, index) => pieceOf('u1', index, size)));
      expect(await trashed(store)).toEqual(cut.map((index) => pieceOf('u1', index, 1).locator));
      expect(await store.uploads.cutBack(input)).toBeUndefined();
    });

    test('touching an upload changes its time only, and not backwards', async () => {
      const { store } = current;
      const record = await create('u1');
      expect(await store.uploads.touch({ id: 'u1', now: start + 5 })).toBe(true);
      expect(await store.uploads.touch({ id: 'u1', now: start + 3 })).toBe(true);
      expect(await store.uploads.get('u1')).toEqual({ ...record, touchedAt: start + 5 });
      expect(await store.uploads.touch({ id: 'u2', now: start })).toBe(false);
    });

    test('idle uploads are reaped oldest first, as many as asked for, and their pieces are trash', async () => {
      const { store } = current;
      for (const [id, age] of [
        ['c', 3],
        ['a', 1],
        ['b', 2],
        ['fresh', 10],
      ] as const)
        await create(id, start + age);
      for (const id of ['b', 'fresh']) await store.uploads.advance({ ...step(id, 0, 4), now: start });
      await store.uploads.touch({ id: 'b', now: start + 2 });
      await store.uploads.touch({ id: 'fresh', now: start + 10 });
      const reap = (limit: number) => store.uploads.reap({ touchedBefore: start + 10, limit, now: start + 10 });
      expect(await reap(2)).toBe(2);
      expect(await left()).toEqual(['c', 'fresh']);
      expect(await trashed(store)).toEqual([pieceOf('b', 0, 4).locator]);
      expect(await reap(10)).toBe(1);
      expect(await reap(10)).toBe(0);
      expect(await left()).toEqual(['fresh']);
      expect(await store.uploads.pieces({ id: 'fresh', version: 1 })).toEqual([pieceOf('fresh', 0, 4)]);
      expect(await store.gc.listTrash({ limit: 10, trashedBefore: start + 9 })).toEqual([]);
    });

    test('an account may have as many uploads as its quota says, not counting what it abandoned', async () => {
      const { store } = current;
      const limited = (id: string, now = start, createdBy = 'ada') =>
        store.uploads.create({
          id,
          repository: other,
          createdBy,
          quota: { uploads: 2, touchedSince: now - hour },
          now,
        });
      await create('u1');
      await limited('u2');
      await expect(limited('u3')).rejects.toMatchObject({ code: 'TOOMANYREQUESTS', facts: { retryAfterMs: 3_000 } });
      expect(await store.uploads.get('u3')).toBeUndefined();
      expect(await limited('u2')).toMatchObject({ id: 'u2' });
      expect(await limited('u4', start, 'bob')).toMatchObject({ createdBy: 'bob' });
      await store.uploads.delete({ id: 'u1' });
      await limited('u5');
      await expect(limited('u6', start + hour)).rejects.toMatchObject({ code: 'TOOMANYREQUESTS' });
      expect(await limited('u6', start + hour + 1)).toMatchObject({ id: 'u6' });
    });

    test('a rejected upload creates no repository', async () => {
      const { store } = current;
      const quota = { uploads: 0, touchedSince: start };
      const rejected = store.uploads.create({ id: 'u1', repository: app, createdBy: 'ada', quota, now: start });
      await expect(rejected).rejects.toMatchObject({ code: 'TOOMANYREQUESTS' });
      expect(await store.repositories.list({ limit: 10 })).toEqual([]);
    });

    test('the bytes of all uploads of an account are known', async () => {
      const { store } = current;
      expect(await store.uploads.recordedBytes('ada')).toBe(0);
      for (const [id, offset] of [
        ['u1', 5],
        ['u2', 2 ** 40],
      ] as const) {
        const { version } = await create(id);
        await store.uploads.advance({ id, version, offset, now: start });
      }
      await store.uploads.create({ id: 'u3', repository: app, createdBy: 'bob', now: start });
      expect(await store.uploads.recordedBytes('ada')).toBe(2 ** 40 + 5);
      expect(await store.uploads.recordedBytes('bob')).toBe(0);
    });

    test('progress makes an upload young again', async () => {
      const { store } = current;
      const { version } = await create('u1');
      await store.uploads.advance({ id: 'u1', version, offset: 1, now: start + hour });
      expect(await store.uploads.reap({ touchedBefore: start + hour, limit: 10, now: start })).toBe(0);
    });

    test('uploads go with their repository, and their pieces are trash', async () => {
      const { store } = current;
      await create('u1');
      await addPieces('u1', 1, 2);
      await create('u2', start, other);
      await store.repositories.delete({ ...change, repository: app, reviewAfter: start });
      expect(await store.uploads.get('u1')).toBeUndefined();
      expect(await store.uploads.get('u2')).toBeDefined();
      expect(await trashed(store)).toEqual([0, 1].map((index) => pieceOf('u1', index, 1).locator));
    });
  });
}

function pieceOf(upload: string, index: number, size: number) {
  return { locator: `uploads/${upload}.${index}`, size };
}
