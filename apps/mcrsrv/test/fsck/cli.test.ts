import { readFile, rename, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { DiskBlobInspector } from '@mcr/storage';
import { blobFile, buildImage, pushImage, type TestImage } from '@mcr/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { diskOf } from '../../src/blob-stores.ts';
import type { Finding } from '../../src/services/fsck/finding.ts';
import { findingKinds } from '../../src/services/fsck/kinds.ts';
import { runFsck } from '../../src/services/fsck/run-fsck.ts';
import { mcrsrv } from '../_util/cli.ts';
import { useServer } from '../_util/use-server.ts';

const server = useServer();
let image: TestImage;

beforeAll(async () => {
  image = await buildImage({ layers: [{ size: 1_000, seed: 'fsck' }] });
  await pushImage(server().admin, 'app', 'latest', image);
});

const run = (...flags: string[]) => mcrsrv(['fsck', '--config', join(server().directory, 'mcr.toml'), ...flags]);

/** Moves something away while `task` runs. */
async function without(name: string, task: () => Promise<void>): Promise<void> {
  const path = join(server().directory, name);
  await rename(path, `${path}.away`);
  try {
    await task();
  } finally {
    await rename(`${path}.away`, path);
  }
}

describe('mcrsrv fsck', () => {
  test('says what it looked at, and ends with 0', async () => {
    const { code, stdout, stderr } = await run();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe('Looked at 1 manifests, 2 blobs, 2 files, 0 uploads, 1 repositories\nEverything is whole\n');
  });

  test('names each finding with what it means, and ends with 1', async () => {
    const { digest } = image.layers[0]!;
    await without(relative(server().directory, blobFile(server().directory, digest)), async () => {
      const { code, stdout, stderr } = await run();
      expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
      expect(stdout).toContain(`blob-missing  ${digest}: no file; needed by app@${image.manifest.digest}\n`);
      expect(stdout).toContain(`1 x blob-missing: ${findingKinds['blob-missing']}\n`);
      expect(stdout).toMatch(/0 repaired, 1 left\n$/);
    });
  });

  test('ends with 2 when there is no configuration', async () => {
    const { code, stdout, stderr } = await mcrsrv(['fsck', '--config', '/nowhere/mcr.toml']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^mcrsrv: .*\/nowhere\/mcr\.toml/s);
  });

  test('ends with 2 when there is no database, and makes none', async () => {
    await without('mcr.db', async () => {
      const { code, stdout, stderr } = await run('--json');
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(/^mcrsrv: There is no database at ".*mcr\.db"/);
      await expect(stat(join(server().directory, 'mcr.db'))).rejects.toThrow();
    });
  });

  test.each(['layers', 'uploads'])('ends with 2 when there is no directory of %s, and makes none', async (name) => {
    await without(name, async () => {
      const { code, stdout, stderr } = await run();
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toMatch(new RegExp(`^mcrsrv: ".*${name}" cannot be read; mount its disk`));
      await expect(stat(join(server().directory, name))).rejects.toThrow();
    });
  });

  test('finds blobs that the disk fails to read', async () => {
    const files = await DiskBlobInspector.open(diskOf(server().context.config.storage));
    const broken = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
    const findings: Finding[] = [];
    const { store, clock, settings } = server().context.services;
    await runFsck({
      store,
      clock,
      settings,
      files: {
        id: files.id,
        list: () => files.list(),
        stat: (locator) => files.stat(locator),
        locatorsOf: (digest) => files.locatorsOf(digest),
        digestOf: (locator) => files.digestOf(locator),
        open: async (locator, size) => {
          const blob = await files.open(locator, size);
          await blob.close();
          return { ...blob, stream: () => new ReadableStream({ pull: () => Promise.reject(broken) }) };
        },
        listPieces: () => files.listPieces(),
        pieceSize: (locator) => files.pieceSize(locator),
      },
      options: { deep: true, repair: false, removeMostFiles: false, quarantineMostBlobs: false },
      actor: {},
      onFinding: (finding) => findings.push(finding),
    });
    expect(findings.map(({ kind }) => kind)).toEqual(['blob-unreadable', 'blob-unreadable']);
    expect(findings[0]!.detail).toMatch(/EIO/);
  });
});

test('the guide of operations explains every kind of finding in the words of the command', async () => {
  const guide = await readFile(join(import.meta.dirname, '../../../../docs/operations.md'), 'utf8');
  for (const [kind, sentence] of Object.entries(findingKinds)) expect(guide).toContain(`| \`${kind}\` | ${sentence}`);
});
