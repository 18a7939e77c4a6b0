import { execFile } from 'node:child_process';
import { once } from 'node:events';
import type { Action } from '@mcr/core';
import { describe, expect, test } from 'vitest';
import { useAdminApi } from '../_util/admin-api.ts';
import { families } from '../_util/transports.ts';

const api = useAdminApi();

/**
 * Runs SQL behind the back of the server, once for each list of values: in another process, since a second copy of SQLite in
 * this one would drop the locks of the first.
 */
async function runSql(sql: string, ...values: readonly (readonly (string | number)[])[]): Promise<void> {
  const script = `
    const { path, sql, values } = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
    const database = new (require('node:sqlite').DatabaseSync)(path);
    database.exec('PRAGMA busy_timeout = 10000; BEGIN IMMEDIATE');
    const statement = database.prepare(sql);
    for (const of of values) statement.run(...of);
    database.exec('COMMIT');
    database.close();`;
  const child = execFile(process.execPath, ['-e', script]);
  child.stdin?.end(JSON.stringify({ path: api().server.context.config.database.path, sql, values }));
  expect(await once(child, 'exit')).toEqual([0, null]);
}

function makeRepositories(all: readonly string[]): Promise<void> {
  return runSql('INSERT OR IGNORE INTO repositories (name, created_at) VALUES (?, 0)', ...all.map((name) => [name]));
}

const names = ['prod/app', 'prod/team/app', 'dev/app', 'home/ann/a', 'home/ann/b/c', 'home/bob/a'];

describe.each(families)('MatchRepositories over %s', (transport) => {
  const match = async (pattern: string, more: { username?: string; pageSize?: number; pageToken?: string } = {}) =>
    await api()
      .over(transport)
      .policy.matchRepositories({ pattern, ...more });

  test('lists in order what the pattern matches now', async () => {
    await makeRepositories(names);
    expect((await match('prod/**')).repositories).toEqual(['prod/app', 'prod/team/app']);
    expect((await match('prod/*')).repositories).toEqual(['prod/app']);
    expect(await match('none/**')).toMatchObject({ repositories: [] });
  });

  test('takes {username} for the name that is given, or for any', async () => {
    await makeRepositories(names);
    expect((await match('home/{username}/*')).repositories).toEqual(['home/ann/a', 'home/bob/a']);
    const ann = await match('home/{username}/**', { username: 'ann' });
    expect(ann.repositories).toEqual(['home/ann/a', 'home/ann/b/c']);
    expect((await match('home/{username}/**', { username: 'a*' })).repositories).toEqual([]);
  });

  test('goes on where a page ended', async () => {
    await makeRepositories(names);
    const first = await match('prod/**', { pageSize: 1 });
    expect(first.repositories).toEqual(['prod/app']);
    const second = await match('prod/**', { pageSize: 1, pageToken: first.nextPageToken });
    expect(second.repositories).toEqual(['prod/team/app']);
  });

  test('rejects patterns as the rules do', async () => {
    await expect(match('prod**')).rejects.toThrow('** crosses slashes only as a whole segment');
    await expect(match('A')).rejects.toThrow('matches no repository name');
  });
});

test('a page looks at 20,000 names at most, and says that more may follow', async () => {
  await makeRepositories(Array.from({ length: 20_500 }, (_, n) => `many/r${String(n).padStart(5, '0')}`));
  const { policy } = api().rpc('admin');
  const first = await policy.matchRepositories({ pattern: 'many/?20499' });
  expect(first.repositories).toEqual([]);
  const second = await policy.matchRepositories({ pattern: 'many/?20499', pageToken: first.nextPageToken });
  expect(second).toMatchObject({ repositories: ['many/r20499'], nextPageToken: '' });
  // Names that cannot match are not looked at: what all of the pattern's begin with is where a page starts.
  const near = await policy.matchRepositories({ pattern: 'many/r2049[9]' });
  expect(near).toMatchObject({ repositories: ['many/r20499'], nextPageToken: '' });
});

describe('a rule', () => {
  const may = async (action: Action, repository: string) => {
    const principal = { username: 'machine' };
    return (await api().rpc('admin').policy.explainPolicy({ action, repository, principal })).effect;
  };

  test.each([
    ['prod/**', 'prod/team/app', 'allow'],
    ['prod/*', 'prod/team/app', 'deny'],
    ['home/{username}/**', 'home/machine/a/b', 'allow'],
    ['home/{username}/**', 'home/person/a/b', 'deny'],
  ])('for %s makes the answer for %s: %s', async (pattern, repository, effect) => {
    const { id } = await api().server.addRule({ priority: 5, effect: 'allow', repositories: [pattern] });
    expect(await may('registry:pull', repository)).toBe(effect);
    await api()
      .rpc('admin')
      .policy.deletePolicyRule({ id: BigInt(id) });
  });

  test('for {username} lets an account push to its own place, and not to that of another', async () => {
    const { server } = api();
    await server.addRule({ priority: 5, effect: 'allow', repositories: ['own/{username}/*'] });
    const machine = server.client({ token: api().token('machine') });
    const status = async (name: string) => (await machine.request('POST', `/v2/${name}/blobs/uploads/`)).status;
    expect([await status('own/machine/app'), await status('own/person/app')]).toEqual([202, 403]);
  });

  test('that an upgrade has rewritten says so until its patterns are saved again', async () => {
    const { policy } = api().rpc('admin');
    const { id } = await api().server.addRule({ priority: 9, effect: 'deny', repositories: ['old/*'] });
    await runSql('UPDATE policy_rules SET rewritten_from = ? WHERE id = ?', ['["old/**"]', id]);
    const warnings = async () => (await policy.getPolicyRule({ id: BigInt(id) })).rule?.warnings;
    expect(await warnings()).toEqual([expect.stringContaining('rewritten "old/**" to "old/*"')]);
    await policy.updatePolicyRule({ id: BigInt(id), priority: 8 });
    expect(await warnings()).toHaveLength(1);
    await policy.updatePolicyRule({ id: BigInt(id), repositories: { values: ['old/**'] } });
    expect(await warnings()).toEqual([]);
  });
});
