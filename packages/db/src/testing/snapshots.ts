import { readFile, stat, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { CurrentStore } from './store-under-test.ts';
import { useTemporaryDirectory } from './temporary-directory.ts';

/** What holds of a store that writes copies of itself. */
export function snapshotContract(current: CurrentStore): void {
  describe('snapshots', () => {
    const directory = useTemporaryDirectory();

    test('a snapshot is written for its owner only, and says how large it is', async () => {
      const destination = directory.file('private');
      const { size } = await current.store.snapshot(destination);
      const file = await stat(destination);
      expect(file.size).toBe(size);
      expect(file.mode & 0o777).toBe(0o600);
    });

    test('a snapshot never replaces a file', async () => {
      const destination = directory.file('taken');
      await writeFile(destination, 'precious');
      await expect(current.store.snapshot(destination)).rejects.toMatchObject({ code: 'CONFLICT' });
      expect(await readFile(destination, 'utf8')).toBe('precious');
    });

    test('a snapshot that cannot be written is UNAVAILABLE', async () => {
      const destination = directory.file('missing/snapshot');
      await expect(current.store.snapshot(destination)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    });
  });
}
