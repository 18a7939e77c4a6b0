import { createHash } from 'node:crypto';
import type { RepositoryName } from '@mcr/core';
import type { UploadRecord } from '@mcr/db';
import { describe, expect, test } from 'vitest';
import { UploadSessions } from './sessions.ts';

function upload(offset: number, version = 0): UploadRecord {
  return { id: 'id', repository: 'app' as RepositoryName, createdBy: 'me', offset, version, touchedAt: 0 };
}

const hash = (text: string) => createHash('sha256').update(text);

describe('UploadSessions.exclusive', () => {
  test('releases the earlier holder, waits for its end, and only then runs', async () => {
    const sessions = new UploadSessions();
    const notes: string[] = [];
    const first = sessions.exclusive('id', async (signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      notes.push('first was released');
      await new Promise((resolve) => setImmediate(resolve));
      notes.push('first ended');
    });
    const second = sessions.exclusive('id', async (signal) => {
      notes.push('second runs');
      expect(signal.aborted).toBe(false);
    });
    await Promise.all([first, second]);
    expect(notes).toEqual(['first was released', 'first ended', 'second runs']);
  });

  test('says who had to wait for an earlier holder', async () => {
    const sessions = new UploadSessions();
    const waits = [1, 2].map(() => sessions.exclusive('id', async (_signal, hasWaited) => hasWaited));
    expect(await Promise.all(waits)).toEqual([false, true]);
  });

  test('tells a holder that was released before it looked', async () => {
    const sessions = new UploadSessions();
    const gate = Promise.withResolvers<void>();
    const first = sessions.exclusive('id', async (signal) => {
      await gate.promise;
      return signal.aborted;
    });
    const second = sessions.exclusive('id', async () => {});
    gate.resolve();
    expect(await first).toBe(true);
    await second;
  });

  test('lets one of many in at a time, and all of them in the end', async () => {
    const sessions = new UploadSessions();
    let inside = 0;
    const runs = Array.from({ length: 20 }, (_, at) =>
      sessions.exclusive('id', async () => {
        expect((inside += 1)).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        inside -= 1;
        return at;
      }),
    );
    expect(await Promise.all(runs)).toEqual(Array.from({ length: 20 }, (_, at) => at));
    expect(sessions.active).toBe(0);
  });

  test('lets the next one in after one that failed', async () => {
    const sessions = new UploadSessions();
    const failed = sessions.exclusive('id', async () => {
      throw new Error('failed');
    });
    const next = sessions.exclusive('id', async () => 'next');
    await expect(failed).rejects.toThrow('failed');
    expect(await next).toBe('next');
  });

  test('does not mix up different uploads, and counts them', async () => {
    const sessions = new UploadSessions();
    await sessions.exclusive('one', async (signal) => {
      await sessions.exclusive('two', async () => {
        expect(sessions.active).toBe(2);
      });
      expect(signal.aborted).toBe(false);
    });
    expect(sessions.active).toBe(0);
  });
});

describe('the running hashes of UploadSessions', () => {
  test('begin with an empty one', () => {
    expect(new UploadSessions().takeHash(upload(0))?.digest('hex')).toBe(hash('').digest('hex'));
  });

  test('are given once, for the version for which they were kept', () => {
    const sessions = new UploadSessions();
    sessions.remember(upload(4, 2), hash('data'));
    expect(sessions.knows(upload(4, 2))).toBe(true);
    expect(sessions.knows(upload(4, 3))).toBe(false);
    expect(sessions.takeHash(upload(4, 2))?.digest('hex')).toBe(hash('data').digest('hex'));
    expect(sessions.knows(upload(4, 2))).toBe(false);
    expect(sessions.takeHash(upload(4, 2))).toBeUndefined();
  });

  test('are not given for another version at the same offset, and are forgotten then', () => {
    const sessions = new UploadSessions();
    sessions.remember(upload(4, 2), hash('data'));
    expect(sessions.takeHash(upload(4, 3))).toBeUndefined();
    expect(sessions.takeHash(upload(4, 2))).toBeUndefined();
  });

  test('are not kept for a version without one, which is known all the same', () => {
    const sessions = new UploadSessions();
    sessions.remember(upload(4, 2));
    expect(sessions.knows(upload(4, 2))).toBe(true);
    expect(sessions.takeHash(upload(4, 2))).toBeUndefined();
  });

  test('are forgotten when told to', () => {
    const sessions = new UploadSessions();
    sessions.remember(upload(4, 2), hash('data'));
    sessions.forget('id');
    expect(sessions.takeHash(upload(4, 2))).toBeUndefined();
  });

  test('are 4,096 at most: the oldest goes, and costs no more than a second look at its bytes', () => {
    const sessions = new UploadSessions();
    const one = hash('x');
    for (let at = 0; at <= 4_096; at += 1) sessions.remember({ id: `id-${at}`, version: 1 }, one);
    expect(sessions.knows({ id: 'id-0', version: 1 })).toBe(false);
    expect(sessions.knows({ id: 'id-1', version: 1 })).toBe(true);
    expect(sessions.knows({ id: 'id-4096', version: 1 })).toBe(true);
  });
});
