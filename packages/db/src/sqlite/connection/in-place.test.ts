import { copyFile, open, rename, rm } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { SqliteMetadataStore } from '../sqlite-metadata-store.ts';

const directory = useTemporaryDirectory();
const revocation = (tokenId: string) => ({ tokenId, expiresAt: 1, now: 0 });

const losses: Record<string, (path: string) => Promise<void>> = {
  removed: (path) => rm(path),
  'moved away': (path) => rename(path, `${path}.old`),
  'replaced by a copy': async (path) => {
    await copyFile(path, `${path}.copy`);
    await rename(`${path}.copy`, path);
  },
};

test.each(Object.entries(losses))(
  'a file that was %s takes no more writes, is read on, and can be saved',
  async (_, lose) => {
    const path = directory.file('mcr.db');
    const store = await SqliteMetadataStore.open({ path });
    await store.accounts.revokeToken(revocation('before'));
    await lose(path);
    const lost = { code: 'UNAVAILABLE', message: expect.stringContaining('removed or replaced') };
    await expect(store.accounts.revokeToken(revocation('after'))).rejects.toMatchObject(lost);
    await expect(store.ping()).rejects.toMatchObject(lost);
    expect(await store.accounts.isTokenRevoked('before')).toBe(true);
    expect(await store.accounts.isTokenRevoked('after')).toBe(false);

    const copy = directory.file('snapshot.db');
    await store.snapshot(copy);
    const saved = await SqliteMetadataStore.open({ path: copy });
    expect(await saved.accounts.isTokenRevoked('before')).toBe(true);
    await saved.close();
    await store.close();
  },
);

test('a file that came back takes writes again', async () => {
  const path = directory.file('mcr.db');
  const store = await SqliteMetadataStore.open({ path });
  await rename(path, `${path}.old`);
  await expect(store.ping()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await rename(`${path}.old`, path);
  await store.ping();
  await store.accounts.revokeToken(revocation('after'));
  await store.close();
});

test('a file that was overwritten is found to be damaged, and every later operation finds it so', async () => {
  const path = directory.file('mcr.db');
  // Closing moves everything out of the log and into the file; a new store has read little of it yet.
  await (await SqliteMetadataStore.open({ path })).close();
  const store = await SqliteMetadataStore.open({ path });
  await store.ping();
  const file = await open(path, 'r+');
  await file.write(Buffer.alloc((await file.stat()).size));
  await file.close();
  const damaged = { code: 'UNAVAILABLE', message: expect.stringContaining('damaged') };
  await expect(store.accounts.list({ limit: 1 })).rejects.toMatchObject(damaged);
  await expect(store.ping()).rejects.toMatchObject(damaged);
  await store.close();
});
