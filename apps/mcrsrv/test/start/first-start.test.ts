import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { tempDirectory } from '@mcr/testkit';
import { expect, test } from 'vitest';
import { mcrsrv } from '../_util/cli.ts';
import { startTestServer } from '../_util/server.ts';

test('CVE-2026-4404: the first password is made anew each time, and kept for the owner alone', async () => {
  const passwords = new Set<string>();
  for (let time = 0; time < 2; time += 1) {
    await using directory = await tempDirectory();
    expect((await mcrsrv(['init', '--dir', directory.path])).code).toBe(0);
    const path = join(directory.path, 'initial-admin-password');
    const password = (await readFile(path, 'utf8')).trim();
    expect(password).toMatch(/^[\w-]{24}$/);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    passwords.add(password);
  }
  expect(passwords.size).toBe(2);
});

test('CVE-2026-4404: a registry without accounts lets no client in', async () => {
  await using server = await startTestServer();
  const { store, clock } = server.context.services;
  const admin = await store.accounts.findByName('admin');
  await store.accounts.delete({ id: admin!.id, evenLastAdmin: true, actor: {}, now: clock.now() });
  for (const [name, password] of [
    ['admin', 'admin'],
    ['admin', 'password'],
    ['admin', 'Harbor12345'],
    ['admin', ''],
    ['', ''],
    ['root', 'root'],
    ['quay', 'password'],
  ]) {
    const authorization = `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}`;
    const { status } = await server.admin.request('GET', '/v2/token', { authorization });
    expect(status, `${name}:${password}`).toBe(401);
  }
});
