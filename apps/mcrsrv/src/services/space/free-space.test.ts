import type { Share } from '@mcr/config';
import { expect, test } from 'vitest';
import { type FileSystemSpace, FreeSpace } from './free-space.ts';

/** A file system of 1000 bytes of which `free` are free, read by hand. */
function watch(minFree: Share, free: number) {
  let now = 0;
  let readings = 0;
  const disk = { free, size: 1_000 };
  let read = async (): Promise<FileSystemSpace> => disk;
  const space = new FreeSpace(
    () => {
      readings += 1;
      return read();
    },
    minFree,
    () => now,
  );
  return {
    space,
    disk,
    readings: () => readings,
    pass: (ms: number) => {
      now += ms;
    },
    fail: () => {
      read = () => Promise.reject(new Error('EIO'));
    },
  };
}

const noSpace = { code: 'NO_SPACE' };

test.each<[Share, number]>([
  [{ bytes: 300 }, 300],
  [{ percent: 30 }, 300],
])('%j of 1000 bytes rejects from 299 free bytes on', async (minFree, free) => {
  await watch(minFree, free).space.check();
  await expect(watch(minFree, free - 1).space.check()).rejects.toMatchObject(noSpace);
});

test.each<Share>([{ bytes: 0 }, { percent: 0 }])('%j rejects nothing, also when the disk is full', async (minFree) => {
  const { space } = watch(minFree, 0);
  await space.check();
  space.take(5_000);
});

test('a reading is used for a second, and the first check after that sees the change', async () => {
  const { space, disk, pass, readings } = watch({ bytes: 300 }, 500);
  await space.check();
  disk.free = 100;
  pass(999);
  await space.check();
  expect(readings()).toBe(1);
  pass(1);
  await expect(space.check()).rejects.toMatchObject(noSpace);
  disk.free = 500;
  pass(1_000);
  await space.check();
  expect(readings()).toBe(3);
});

test('checks at the same moment share a reading', async () => {
  const { space, readings } = watch({ bytes: 300 }, 500);
  await Promise.all([space.check(), space.check(), space.check()]);
  expect(readings()).toBe(1);
});

test('bytes that are written between two readings count', async () => {
  const { space } = watch({ bytes: 300 }, 500);
  await space.check();
  space.take(150);
  space.take(50);
  expect(() => space.take(1)).toThrow(expect.objectContaining(noSpace));
  await expect(space.check()).rejects.toMatchObject(noSpace);
});

test('a long write notices what others took of the disk', async () => {
  const { space, disk, pass } = watch({ bytes: 300 }, 500);
  await space.check();
  disk.free = 100;
  pass(1_000);
  space.take(1);
  await new Promise(setImmediate);
  expect(() => space.take(1)).toThrow(expect.objectContaining(noSpace));
});

test('a file system that cannot be asked rejects nothing', async () => {
  const { space, fail, pass } = watch({ bytes: 300 }, 100);
  await expect(space.check()).rejects.toMatchObject(noSpace);
  fail();
  pass(1_000);
  await space.check();
});
