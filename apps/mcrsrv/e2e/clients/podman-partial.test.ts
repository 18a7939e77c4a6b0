import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requireClient, runOk, seededBytes, startPartialPodman, startRegistry } from '@mcr/testkit';
import { describe, expect, test } from 'vitest';
import { expectSuccess } from '../expectations.ts';
import { clientOptions, sharedDirectory, sharedResources } from '../shared.ts';
import { requestsTo } from './_requests.ts';

const fileSize = 8_000;
const fileCount = 150;

// As root, and where dockerd can mount: the storage driver that podman needs for this does the same.
describe.skipIf(!requireClient('podman') || !requireClient('docker'))('podman, of a zstd:chunked layer', () => {
  const shared = sharedResources();

  test('pulls only the files that it lacks, by several ranges in one request', async () => {
    const directory = await sharedDirectory(shared);
    const registry = shared.use(await startRegistry());
    const podman = shared.use(await startPartialPodman(await clientOptions(directory, 'podman', registry.caPath)));
    expectSuccess(await podman.login(registry.host, 'admin', registry.adminPassword));

    const files = join(directory, 'files');
    await mkdir(files);
    const write = (at: number, seed: string) =>
      writeFile(join(files, `f${String(at).padStart(3, '0')}`), seededBytes(`${seed} ${at}`, fileSize));
    for (let at = 0; at < fileCount; at += 1) await write(at, 'first');
    const push = async (name: string): Promise<string> => {
      const archive = join(directory, `${name}.tar`);
      await runOk('tar', ['--create', '--file', archive, '--directory', files, '.']);
      const image = `${registry.host}/partial/${name}:v1`;
      expectSuccess(await podman.podman('import', '--quiet', archive, image));
      expectSuccess(await podman.podman('push', '--quiet', '--compression-format', 'zstd:chunked', image));
      return image;
    };
    const old = await push('old');
    for (const at of [10, 50, 51, 90, 149]) await write(at, 'second');
    const renewed = await push('renewed');
    expectSuccess(await podman.forget());

    expectSuccess(await podman.pull(old));
    expectSuccess(await podman.pull(renewed));
    // The first is the table of contents, the second the files.
    const pulled = () =>
      requestsTo(registry, 'partial/renewed').filter(({ method, status }) => method === 'GET' && status === 206);
    await expect.poll(() => pulled().length).toBe(2);
    const bytes = pulled().reduce((sum, { bytesOut }) => sum + bytesOut, 0);
    expect(bytes).toBeGreaterThan(5 * fileSize);
    expect(bytes).toBeLessThan(20 * fileSize);

    const mounted = await podman.podman('image', 'mount', renewed);
    expectSuccess(mounted);
    for (const at of [9, 10, 50, 51, 149]) {
      const name = `f${String(at).padStart(3, '0')}`;
      expect(await readFile(join(mounted.stdout.trim(), name))).toEqual(await readFile(join(files, name)));
    }
    expectSuccess(await podman.podman('image', 'umount', '--all'));
  });
});
