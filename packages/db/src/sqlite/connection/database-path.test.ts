import { copyFile, mkdir, readdir, realpath, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { restoreDatabase } from '../restore-database.ts';
import { SqliteMetadataStore } from '../sqlite-metadata-store.ts';
import { resolveDatabasePath } from './database-path.ts';

const directory = useTemporaryDirectory();
const revocation = (tokenId: string) => ({ tokenId, expiresAt: 1, now: 0 });

/** `mcr.db` is a link to `elsewhere/real.db`, which is not there yet. */
async function link(): Promise<{ path: string; target: string }> {
  const [path, target] = [directory.file('mcr.db'), directory.file('elsewhere/real.db')];
  await mkdir(dirname(target));
  await symlink('elsewhere/real.db', path);
  return { path, target: join(await realpath(dirname(target)), 'real.db') };
}

test('a link, a link to a link, and a link to nothing yet stand for the file itself', async () => {
  const { path, target } = await link();
  await symlink(path, directory.file('second.db'));
  for (const name of [path, directory.file('second.db')]) expect(resolveDatabasePath(name)).toBe(target);
  await writeFile(target, '');
  for (const name of [path, directory.file('second.db')]) expect(resolveDatabasePath(name)).toBe(target);
});

test('a directory that is a link is followed, also for a file that is not there yet', async () => {
  await mkdir(directory.file('elsewhere'));
  await symlink('elsewhere', directory.file('data'));
  const expected = join(await realpath(directory.file('elsewhere')), 'mcr.db');
  expect(resolveDatabasePath(directory.file('data/mcr.db'))).toBe(expected);
});

test.each(['circle.db', 'missing/mcr.db'])('%s stays as it is, and opening it says what to do', async (name) => {
  await symlink('circle.db', directory.file('circle.db'));
  const path = directory.file(name);
  expect(resolveDatabasePath(path)).toBe(path);
  await expect(SqliteMetadataStore.open({ path })).rejects.toThrow(`Cannot open the database "${path}"`);
});

test('a database behind a link has its log, its mode and its copies where the file is', async () => {
  const { path, target } = await link();
  const store = await SqliteMetadataStore.open({ path });
  await store.accounts.revokeToken(revocation('x'));
  expect((await readdir(dirname(path))).toSorted()).toEqual(['elsewhere', 'mcr.db']);
  expect((await readdir(dirname(target))).toSorted()).toEqual(['real.db', 'real.db-shm', 'real.db-wal']);
  for (const suffix of ['', '-wal', '-shm']) expect((await stat(`${target}${suffix}`)).mode & 0o777).toBe(0o600);
  await store.snapshot(directory.file('snapshot.db'));
  await store.close();

  const restored = await restoreDatabase(directory.file('snapshot.db'), path, new Date(0));
  expect(dirname(restored.previous ?? '')).toBe(dirname(target));
  expect(await realpath(path)).toBe(target);
});

test('what replaces the file behind a link is noticed, and what the link names meanwhile is not', async () => {
  const { path, target } = await link();
  const store = await SqliteMetadataStore.open({ path });
  await rename(path, `${path}.old`);
  await store.accounts.revokeToken(revocation('x'));
  await rename(target, `${target}.old`);
  await expect(store.ping()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  await store.close();
});

test.each(['a log of another time', undefined])(
  'a database that a killed older version left with its log, and with %s beside the link, has everything',
  async (stale) => {
    const { path, target } = await link();
    const older = await SqliteMetadataStore.open({ path: directory.file('older.db') });
    await older.accounts.revokeToken(revocation('acknowledged'));
    for (const suffix of ['', '-wal']) await copyFile(directory.file(`older.db${suffix}`), `${target}${suffix}`);
    await older.close();
    // Such a version synced a log beside the link, which is never written, and did not start without one.
    if (stale !== undefined) await writeFile(`${path}-wal`, stale);
    const store = await SqliteMetadataStore.open({ path });
    expect(await store.accounts.isTokenRevoked('acknowledged')).toBe(true);
    await store.accounts.revokeToken(revocation('another'));
    await store.close();
    const again = await SqliteMetadataStore.open({ path });
    expect(await again.accounts.isTokenRevoked('another')).toBe(true);
    await again.close();
  },
);
