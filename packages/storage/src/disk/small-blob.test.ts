import { execFileSync } from 'node:child_process';
import { constants } from 'node:fs';
import { mkdtempDisposable, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bytes, collect, piped } from '../testing/content.ts';
import { openDescriptor } from './descriptor.ts';
import { openedBlob, ReadBuffers } from './read-span.ts';
import { blobInMemory, largestSmallBlob, readWhole } from './small-blob.ts';

const sizes = [1, 4_096, largestSmallBlob - 1, largestSmallBlob];

test.each(sizes)('a file of %i bytes that is read whole gives what reading it span by span gives', async (size) => {
  await using directory = await mkdtempDisposable(join(tmpdir(), 'mcr-storage-'));
  const path = join(directory.path, 'blob');
  await writeFile(path, bytes(size));
  const ways = [
    async () => blobInMemory(readWhole(path, size)!),
    async () => openedBlob(await openDescriptor(path, constants.O_RDONLY), size, { buffers: new ReadBuffers() }),
  ];
  const last = { start: size - 1, end: size - 1 };
  const parts = [
    { ...last, ahead: Buffer.from('last') },
    { start: 0, end: Math.floor(size / 2), ahead: Buffer.alloc(0) },
  ];
  const results = await Promise.all(
    ways.map(async (open) => {
      const pieces: Buffer[] = [];
      await (await open()).pipeParts(async (piece) => void pieces.push(Buffer.from(piece)), parts);
      return [
        await piped(await open()),
        await piped(await open(), last),
        await collect((await open()).stream(last)),
        Buffer.concat(pieces),
        await piped(await open(), { start: 0, end: size }).catch((error: Error) => error.message),
      ];
    }),
  );
  expect(results[0]).toEqual(results[1]);
});

test('a file that is longer or shorter than said is not taken for the blob', async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), 'mcr-storage-'));
  const path = join(directory.path, 'blob');
  await writeFile(path, bytes(10));
  expect(readWhole(path, 9)).toBeUndefined();
  expect(readWhole(path, 11)).toBeUndefined();
  expect(readWhole(path, 10)).toEqual(Buffer.from(bytes(10)));
});

test('a named pipe or a symbolic link in its place holds nothing up', async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), 'mcr-storage-'));
  const [pipe, link, target] = ['pipe', 'link', 'target'].map((name) => join(directory.path, name));
  execFileSync('mkfifo', [pipe!]);
  expect(() => readWhole(pipe!, 10)).toThrow('ESPIPE');
  await writeFile(target!, bytes(10));
  await symlink(target!, link!);
  expect(() => readWhole(link!, 10)).toThrow('ELOOP');
});
