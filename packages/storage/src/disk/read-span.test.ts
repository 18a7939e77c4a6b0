import { constants } from 'node:fs';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readSize } from '../read-size.ts';
import { bytes } from '../testing/content.ts';
import { openDescriptor } from './descriptor.ts';
import { QuickReads } from './quick-reads.ts';
import { openedBlob, ReadBuffers } from './read-span.ts';

test('a download reads quickly again once the time after slow reads has passed', async () => {
  await using directory = await mkdtempDisposable(join(tmpdir(), 'mcr-storage-'));
  const path = join(directory.path, 'blob');
  const content = bytes(6 * readSize);
  await writeFile(path, content);

  const clock = { now: 0, perRead: 20 };
  class Counted extends QuickReads {
    read = 0;
    override try<Result>(read: () => Result): Result | undefined {
      const result = super.try(() => {
        clock.now += clock.perRead;
        return read();
      });
      if (result !== undefined) this.read += 1;
      return result;
    }
  }
  const now = () => clock.now;
  const quick = new Counted(now, now);
  const blob = openedBlob(await openDescriptor(path, constants.O_RDONLY), content.length, {
    buffers: new ReadBuffers(),
    quick,
  });
  const quickAt: number[] = [];
  const pieces: Buffer[] = [];
  await blob.pipe(async (piece) => {
    pieces.push(Buffer.from(piece));
    quickAt.push(quick.read);
    // The third piece is there, and the fourth one is on its way: from then on the disk is quick.
    if (pieces.length === 3) [clock.now, clock.perRead] = [clock.now + 1_000, 0.01];
  });
  expect(Buffer.concat(pieces).equals(content)).toBe(true);
  expect(quickAt).toEqual([1, 2, 2, 2, 3, 4]);
});
