import { describe, expect, test } from 'vitest';
import { app, change, hour, other, start } from './fixtures.ts';
import type { CurrentStore } from './store-under-test.ts';

export function uploadContract(current: CurrentStore): void {
  const create = (id: string, now = start, repository = app) =>
    current.store.uploads.create({ id, repository, createdBy: 'ada', now });

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

    test('an upload can be deleted once', async () => {
      const { store } = current;
      await create('u1');
      expect(await store.uploads.delete('u1')).toBe(true);
      expect(await store.uploads.delete('u1')).toBe(false);
      expect(await store.uploads.advance({ id: 'u1', version: 0, offset: 1, now: start })).toBeUndefined();
    });

    test('idle uploads come oldest first, as many as asked for', async () => {
      const { store } = current;
      for (const [id, age] of [
        ['c', 3],
        ['a', 1],
        ['b', 2],
        ['fresh', 10],
      ] as const)
        await create(id, start + age);
      const idle = (limit: number) => store.uploads.listIdle({ touchedBefore: start + 10, limit });
      expect((await idle(10)).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
      expect((await idle(2)).map(({ id }) => id)).toEqual(['a', 'b']);
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
      await store.uploads.delete('u1');
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
      expect(await store.uploads.listIdle({ touchedBefore: start + hour, limit: 10 })).toEqual([]);
    });

    test('uploads go with their repository', async () => {
      const { store } = current;
      await create('u1');
      await create('u2', start, other);
      await store.repositories.delete({ ...change, repository: app, reviewAfter: start });
      expect(await store.uploads.get('u1')).toBeUndefined();
      expect(await store.uploads.get('u2')).toBeDefined();
    });
  });
}
