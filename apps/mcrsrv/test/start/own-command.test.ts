import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { type TempDirectory, tempDirectory } from '@mcr/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ownCommand } from '../../src/cli/own-command.ts';

let directory: TempDirectory;

beforeEach(async () => {
  directory = await tempDirectory();
});
afterEach(() => directory[Symbol.asyncDispose]());

describe('the program calls itself', () => {
  async function bundle(): Promise<string> {
    const dist = join(directory.path, 'dist');
    await mkdir(dist);
    for (const name of ['mcrsrv', 'mcrsrv.mjs']) await writeFile(join(dist, name), '');
    await chmod(join(dist, 'mcrsrv'), 0o755);
    return join(dist, 'mcrsrv.mjs');
  }
  const surroundings = () => ({ execPath: process.execPath, cwd: directory.path, path: '/usr/bin' });

  test('by the launcher beside its bundle, from where one is', async () => {
    const script = await bundle();
    expect(ownCommand({ ...surroundings(), script })).toBe('dist/mcrsrv');
    expect(ownCommand({ ...surroundings(), script, cwd: join(directory.path, 'dist') })).toBe('./mcrsrv');
    expect(ownCommand({ ...surroundings(), script, cwd: '/usr' })).toBe(`${directory.path}/dist/mcrsrv`);
  });

  test('by its name where PATH leads to it, and not where it leads to another one first', async () => {
    const script = await bundle();
    const [bin, other] = [join(directory.path, 'bin'), join(directory.path, 'other')];
    await mkdir(bin);
    await mkdir(other);
    await symlink('../dist/mcrsrv', join(bin, 'mcrsrv'));
    await writeFile(join(other, 'mcrsrv'), '', { mode: 0o755 });
    expect(ownCommand({ ...surroundings(), script, path: bin })).toBe('mcrsrv');
    expect(ownCommand({ ...surroundings(), script, path: [other, bin].join(delimiter) })).toBe('dist/mcrsrv');
  });

  test('by node and its script where there is no launcher', () => {
    const script = join(directory.path, 'src', 'main.ts');
    expect(ownCommand({ ...surroundings(), script, path: dirname(process.execPath) })).toBe('node src/main.ts');
  });
});
