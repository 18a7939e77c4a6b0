import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '@mcr/config';
import { findGoProgram, requireGoProgram, run, tempDirectory } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { top } from './_util/release.ts';

const docker = join(top, 'deploy', 'docker');
const secretNames = [
  'signing-key.pem',
  'database-url',
  's3-access-key',
  's3-secret-key',
  'postgres-password',
  's3.env',
];

interface Project {
  readonly services: Readonly<
    Record<string, { readonly image: string; readonly volumes?: readonly { source: string }[] }>
  >;
}

/** A file as Compose reads it, checked by the schema of its specification (https://github.com/compose-spec/compose-spec). */
async function composed(
  name: string,
  change = (text: string) => text,
): Promise<{ code: number | null; project: Project; stderr: string }> {
  await using directory = await tempDirectory();
  await mkdir(join(directory.path, 'secrets'));
  for (const secret of secretNames) await writeFile(join(directory.path, 'secrets', secret), '');
  const text = (await readFile(join(docker, name), 'utf8')).replace(/\$\{MCR_VERSION:[^}]*\}/g, '1.2.3');
  await writeFile(join(directory.path, name), change(text));
  const { code, stdout, stderr } = await run(findGoProgram('cmd')!, ['-format', 'json', name], { cwd: directory.path });
  return { code, stderr, project: code === 0 ? JSON.parse(stdout) : { services: {} } };
}

describe.skipIf(!requireGoProgram('cmd'))('a file of Docker Compose', () => {
  test('compose.yaml runs the registry and its web UI', async () => {
    const { code, stderr, project } = await composed('compose.yaml');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(Object.keys(project.services).toSorted()).toEqual(['mcr-web', 'mcrsrv']);
  });

  test('compose-ha.yaml runs two replicas behind haproxy, on PostgreSQL and an S3 server', async () => {
    const { code, stderr, project } = await composed('compose-ha.yaml');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const names = ['haproxy', 'mcr-web', 'mcrsrv-1', 'mcrsrv-2', 'postgres', 's3'];
    expect(Object.keys(project.services).toSorted()).toEqual(names);
    const { 'mcrsrv-1': one, 'mcrsrv-2': two } = project.services;
    expect(one).toEqual(two);
  });

  test('with a key that Compose does not know is rejected', async () => {
    const { code, stderr } = await composed('compose-ha.yaml', (text) => text.replace('read_only:', 'readonly:'));
    expect(code).not.toBe(0);
    expect(stderr).toContain('readonly');
  });
});

test('the configuration of the replicas in compose-ha.yaml is one that a server starts with', async () => {
  await using directory = await tempDirectory();
  const secrets = join(directory.path, 'secrets');
  await mkdir(secrets);
  await mkdir(join(directory.path, 'tls'));
  for (const name of ['ca.crt', 'server.crt', 'server.key'])
    await writeFile(join(directory.path, 'tls', name), '', { mode: 0o600 });
  for (const name of secretNames) await writeFile(join(secrets, name), 'x', { mode: 0o600 });
  await writeFile(join(secrets, 'database-url'), 'postgresql://mcr:secret@postgres/mcr', { mode: 0o600 });
  const text = (await readFile(join(docker, 'ha', 'mcr.toml'), 'utf8')).replaceAll('/run/secrets', secrets);
  const { database, storage } = loadConfig({ path: join(directory.path, 'mcr.toml'), text, env: {} });
  expect(database.url).toBe('postgresql://mcr:secret@postgres/mcr');
  expect(storage).toMatchObject({ driver: 's3' });
});
