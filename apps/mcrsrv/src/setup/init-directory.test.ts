import { X509Certificate } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadConfig } from '@mcr/config';
import { tempDirectory } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { initDirectory } from './init-directory.ts';

const items = ['tls/ca.crt', 'tls/server.crt', 'tls/server.key', 'layers', 'uploads', 'mcr.toml'];

describe('initDirectory', () => {
  test('makes a directory that mcrsrv can run in', async () => {
    await using parent = await tempDirectory();
    const directory = join(parent.path, 'a/srv');
    const result = await initDirectory({ directory, hosts: ['registry.lan'] });
    const paths = items.map((item) => join(directory, item));
    expect(result).toEqual({
      directory,
      configPath: join(directory, 'mcr.toml'),
      caPath: paths[0],
      certPath: paths[1],
      keyPath: paths[2],
      created: paths,
      existing: [],
    });
    expect((await readdir(directory)).toSorted()).toEqual(['layers', 'mcr.toml', 'tls', 'uploads']);
    expect(loadConfig({ path: result.configPath, env: {} }).storage.layersPath).toBe(join(directory, 'layers'));
    expect(new X509Certificate(await readFile(result.certPath)).checkHost('registry.lan')).toBe('registry.lan');
  });

  test('keeps what is pushed to itself', async () => {
    await using parent = await tempDirectory();
    const { directory } = await initDirectory({ directory: parent.path, hosts: [] });
    for (const name of ['layers', 'uploads']) expect((await stat(join(directory, name))).mode & 0o777).toBe(0o700);
    expect((await stat(join(directory, 'tls/server.key'))).mode & 0o777).toBe(0o600);
  });

  test('changes nothing the second time', async () => {
    await using parent = await tempDirectory();
    const first = await initDirectory({ directory: parent.path, hosts: [] });
    const files = [first.configPath, first.caPath, first.certPath, first.keyPath];
    const before = await Promise.all(files.map((path) => readFile(path, 'utf8')));
    const second = await initDirectory({ directory: parent.path, hosts: ['other.lan'], everyInterface: true });
    expect(second).toEqual({ ...first, created: [], existing: first.created });
    expect(await Promise.all(files.map((path) => readFile(path, 'utf8')))).toEqual(before);
  });

  test.each(['layers', 'uploads', 'mcr.toml'])('makes %s again when it is gone', async (item) => {
    await using parent = await tempDirectory();
    await initDirectory({ directory: parent.path, hosts: [] });
    await rm(join(parent.path, item), { recursive: true });
    const { created, existing } = await initDirectory({ directory: parent.path, hosts: [] });
    expect(created).toEqual([join(parent.path, item)]);
    expect(existing).toHaveLength(items.length - 1);
  });

  test('leaves a certificate and a configuration alone that someone put there', async () => {
    await using parent = await tempDirectory();
    const mine = ['tls/server.crt', 'tls/server.key', 'mcr.toml'].map((item) => join(parent.path, item));
    await mkdir(join(parent.path, 'tls'));
    for (const path of mine) await writeFile(path, 'mine');
    const { created, existing } = await initDirectory({ directory: parent.path, hosts: [] });
    expect(existing).toEqual(mine);
    expect(created).toEqual([join(parent.path, 'layers'), join(parent.path, 'uploads')]);
    for (const path of mine) expect(await readFile(path, 'utf8')).toBe('mine');
  });

  test.each(['ca.crt', 'server.crt', 'server.key', 'notes.txt'])('asks what to do with a lone tls/%s', async (name) => {
    await using parent = await tempDirectory();
    await mkdir(join(parent.path, 'tls'));
    await writeFile(join(parent.path, 'tls', name), 'mine');
    await expect(initDirectory({ directory: parent.path, hosts: [] })).rejects.toThrow(
      'is in use but lacks server.crt or server.key; add both, or remove it so that new ones are made',
    );
    expect(await readdir(parent.path)).toEqual(['tls']);
    expect(await readFile(join(parent.path, 'tls', name), 'utf8')).toBe('mine');
  });

  test('makes no configuration when what else is needed fails, and everything the next time', async () => {
    await using parent = await tempDirectory();
    const options = { directory: parent.path, hosts: [] };
    const complete = () => Promise.reject(new Error('no account'));
    await expect(initDirectory({ ...options, complete })).rejects.toThrow('no account');
    expect((await readdir(parent.path)).toSorted()).toEqual(['layers', 'tls', 'uploads']);

    const seen: string[] = [];
    const { configPath, created } = await initDirectory({
      ...options,
      complete: async (path) => void seen.push(loadConfig({ path, env: {} }).storage.layersPath ?? ''),
    });
    expect(created).toEqual([configPath]);
    expect(seen).toEqual([join(parent.path, 'layers')]);
    expect((await readdir(parent.path)).toSorted()).toEqual(['layers', 'mcr.toml', 'tls', 'uploads']);
  });

  test('rejects an invalid host before it makes anything else', async () => {
    await using parent = await tempDirectory();
    await expect(initDirectory({ directory: parent.path, hosts: ['a:8443'] })).rejects.toThrow(
      '"a:8443" is not a host',
    );
    expect(await readdir(parent.path)).toEqual([]);
  });

  test('reports a file where the directory should be', async () => {
    await using parent = await tempDirectory();
    await writeFile(join(parent.path, 'srv'), '');
    await expect(initDirectory({ directory: join(parent.path, 'srv'), hosts: [] })).rejects.toThrow('EEXIST');
  });
});
