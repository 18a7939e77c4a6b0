import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { buildImage, pushImage, run, runOk } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectSame } from '../expectations.ts';
import { sharedDirectory, sharedResources } from '../shared.ts';
import { buildRelease, commit, top, unpack } from './_util/release.ts';
import { serve } from './_util/serve.ts';
import { findTool } from './_util/tools.ts';

interface Component {
  readonly name: string;
  readonly group?: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses?: readonly unknown[];
}

describe('a release', () => {
  const shared = sharedResources();
  let directory: string;
  let archive: string;
  let release: string;

  beforeAll(async () => {
    directory = await sharedDirectory(shared);
    archive = await buildRelease(join(directory, 'first'));
    release = await unpack(archive, directory);
  });

  test('has the same bytes when it is built again, in another checkout with other permissions', async () => {
    const checkout = join(directory, 'checkout');
    await mkdir(checkout);
    const sources = (await readdir(top)).filter((name) => name !== '.git' && name !== 'node_modules');
    await runOk('cp', ['--archive', ...sources.map((name) => join(top, name)), checkout]);
    await runOk('chmod', ['--recursive', 'go-rwx', ...sources.map((name) => join(checkout, name))]);
    // The dependencies are large, and never written to: links, where they are possible.
    const copy = 'cp --archive --link "$@" 2>/dev/null || cp --archive --force "$@"';
    await runOk('sh', ['-c', copy, 'sh', join(top, 'node_modules'), checkout]);
    const again = await buildRelease(join(directory, 'second'), { checkout });
    expect(await readFile(`${again}.sha256`, 'utf8')).toBe(await readFile(`${archive}.sha256`, 'utf8'));
    expect(await runOk('cmp', [archive, again])).toBe('');
  });

  test('has checksums that sha256sum agrees with, of every file', async () => {
    await runOk('sha256sum', ['--check', `${basename(archive)}.sha256`], { cwd: join(directory, 'first') });
    const checked = await runOk('sha256sum', ['--check', 'SHA256SUMS'], { cwd: release });
    const files = await runOk('find', [release, '-type', 'f', '!', '-name', 'SHA256SUMS']);
    expect(checked.trim().split('\n')).toHaveLength(files.trim().split('\n').length);
  });

  test('has its date and its owner on everything', async () => {
    const listing = await runOk('tar', ['--list', '--verbose', '--numeric-owner', '--utc', '--file', archive]);
    for (const line of listing.trim().split('\n')) expect(line).toMatch(/ 0\/0 .* 2023-11-14 22:13 mcr-1\.0\.0-/);
  });

  test('has a bill of materials with the name, version and license of every package in it', async () => {
    const bom = JSON.parse(await readFile(join(release, 'sbom.cdx.json'), 'utf8'));
    expect(bom).toMatchObject({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 });
    expect(bom.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(bom.metadata).toMatchObject({ timestamp: '2023-11-14T22:13:20.000Z', component: { version: '1.0.0' } });
    expect(bom.metadata.component).toMatchObject({ pedigree: { commits: [{ uid: commit }] } });
    const components: readonly Component[] = bom.components;
    for (const { name, group, version, purl, licenses } of components) {
      const path = group === undefined ? name : `${group.replace('@', '%40')}/${name}`;
      expect(purl).toBe(`pkg:npm/${path}@${version}`);
      expect(licenses, name).not.toHaveLength(0);
    }
    const versions = new Map(
      components.map(({ name, group, version }) => [group ? `${group}/${name}` : name, version]),
    );
    for (const name of [
      'better-sqlite3',
      'hono',
      'htmx.org',
      'lucide',
      '@fontsource-variable/inter',
      '@connectrpc/connect',
      'jose',
      'yargs',
      'zod',
    ]) {
      expect(await catalogVersion(name)).toBe(versions.get(name));
    }
    for (const name of ['vitest', 'esbuild', 'typescript', 'tar-stream']) expect(versions).not.toContain(name);
    const references = [bom.metadata.component, ...components].map((component) => component['bom-ref']);
    for (const { ref, dependsOn } of bom.dependencies)
      expect(references).toEqual(expect.arrayContaining([ref, ...dependsOn]));
  });

  test('unpacked anywhere, it serves a push and a pull with nothing but Node', async () => {
    const commands = join(directory, 'bin');
    await mkdir(commands);
    await symlink(process.execPath, join(commands, 'node'));
    for (const name of ['sh', 'dirname', 'readlink']) await symlink(findTool(name) ?? '', join(commands, name));
    const env = { PATH: commands };
    const mcrsrv = join(release, 'mcrsrv', 'mcrsrv');
    await using registry = await serve({ mcrsrv: [mcrsrv], env, directory: join(directory, 'srv') });
    const image = await buildImage({ layers: [{ size: 1_000_000 }] });
    expect(await pushImage(registry.client, 'hello/world', '1', image)).toMatchObject({ status: 201 });
    await expectSame(registry.client, 'hello/world', '1', image);

    for (const program of ['mcrsrv', 'mcr-web', 'mcrctl']) {
      expect(await runOk(join(release, program, program), ['--version'], { env })).toBe(`1.0.0 (${commit})\n`);
    }
    const ca = ['--server', registry.baseUrl, '--ca-cert', join(registry.directory, 'tls', 'ca.crt')];
    expect(await runOk(join(release, 'mcrctl', 'mcrctl'), ['status', ...ca], { env })).toMatch(/status\s+ready/);
  });

  test('says what to do where Node is missing or too old', async () => {
    const commands = join(directory, 'old');
    await mkdir(commands);
    for (const name of ['sh', 'dirname', 'readlink']) await symlink(findTool(name) ?? '', join(commands, name));
    const start = () => run(join(release, 'mcrctl', 'mcrctl'), ['--version'], { env: { PATH: commands } });
    expect(await start()).toMatchObject({ code: 127, stderr: expect.stringContaining('there is none in PATH') });
    await runOk('sh', ['-c', `printf '#!/bin/sh\\necho v22.21.0\\n' >node; chmod 755 node`], { cwd: commands });
    expect(await start()).toMatchObject({ code: 127, stderr: expect.stringContaining('the one in PATH is v22.21.0') });
  });

  test('prepares a file tree for another machine, without a trace of this one', async () => {
    const tree = join(directory, 'tree');
    const config = join(directory, 'mine.toml');
    await mkdir(tree);
    await writeFile(config, 'mine\n');
    const install = (...args: string[]) =>
      run(join(release, 'install.sh'), args, { env: { ...process.env, DESTDIR: `${tree}/` } });
    const options = ['--prefix', '/opt/registry', '--config', config];
    const would = await install(...options, '--dry-run');
    expect(would.stdout).toMatch(/^would run: cp -R /m);
    expect(await readdir(tree)).toEqual([]);

    expect(await install(...options)).toMatchObject({ code: 0 });
    const has = async (path: string): Promise<string> => readFile(join(tree, path), 'utf8');
    expect(await has('srv/mcr/mcr.toml')).toBe('mine\n');
    expect(await has('etc/systemd/system/mcr.service')).toContain('ExecStart=/opt/registry/bin/mcrsrv server');
    const links = await runOk('find', ['.', '-type', 'l', '-printf', '%p %l\\n'], { cwd: tree });
    expect(links.trim().split('\n').toSorted()).toEqual([
      ...['mcr-web', 'mcrctl', 'mcrsrv'].map((name) => `./opt/registry/bin/${name} ../lib/mcr/current/${name}/${name}`),
      expect.stringMatching(/^\.\/opt\/registry\/lib\/mcr\/current 1\.0\.0-[0-9a-f]{8}$/),
    ]);
    expect(await runOk('grep', ['--recursive', '--files-with-matches', tree, tree]).catch(() => '')).toBe('');

    expect((await install(...options)).stdout).toMatch(/^There is nothing to do/);
    expect(await install('rollback')).toMatchObject({ code: 1, stderr: expect.stringContaining('file tree') });
    expect(await install('uninstall', '--prefix', '/opt/registry')).toMatchObject({ code: 0 });
    expect(await runOk('find', ['.', '-name', 'mcr*'], { cwd: tree })).toBe('./srv/mcr\n./srv/mcr/mcr.toml\n');
  });

  test.each(['relative', '/with a space', '/opt/|e id'])('install.sh rejects the prefix %j', async (prefix) => {
    const args = ['--prefix', prefix, '--dry-run'];
    const rejected = await run(join(release, 'install.sh'), args, { env: { ...process.env, DESTDIR: directory } });
    expect(rejected).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('--prefix must be') });
  });

  test('takes no Node of a stranger that lies above it', async () => {
    const commands = join(directory, 'real');
    await mkdir(commands);
    for (const name of ['sh', 'dirname', 'readlink']) await symlink(findTool(name) ?? '', join(commands, name));
    await symlink(process.execPath, join(commands, 'node'));
    const around = join(directory, 'around');
    const bin = join(around, 'node_modules', '.bin');
    for (const path of [bin, join(around, 'below')]) await mkdir(path, { recursive: true });
    await runOk('cp', ['--recursive', release, join(around, 'below', 'mcr')]);
    for (const folder of [bin, around, join(around, 'below')]) {
      await writeFile(join(folder, 'node'), '#!/bin/sh\necho a stranger\n', { mode: 0o755 });
    }
    const program = join(around, 'below', 'mcr', 'mcrctl', 'mcrctl');
    expect(await runOk(program, ['--version'], { env: { PATH: commands } })).toBe(`1.0.0 (${commit})\n`);
    // Nor one that is a directory.
    await mkdir(join(dirname(program), 'node'));
    expect(await runOk(program, ['--version'], { env: { PATH: commands } })).toBe(`1.0.0 (${commit})\n`);
  });

  test('names no file that it does not have', async () => {
    const documents = join(release, 'docs');
    for (const name of (await readdir(documents)).filter((file) => file.endsWith('.md'))) {
      const text = await readFile(join(documents, name), 'utf8');
      for (const [, link = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)) {
        if (link.startsWith('../deploy')) expect(existsSync(join(documents, link)), `${name}: ${link}`).toBe(true);
      }
    }
  });
});

async function catalogVersion(name: string): Promise<string | undefined> {
  const workspace = await readFile(join(top, 'pnpm-workspace.yaml'), 'utf8');
  return new RegExp(`^ {2}"?${name}"?: (.+)$`, 'm').exec(workspace)?.[1];
}
