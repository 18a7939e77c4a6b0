import { Code, ConnectError } from '@connectrpc/connect';
import { digestOf } from '@mcr/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Stage, startStage } from './_util/stage.ts';

const hostile = `"'><script>alert(1)</script><img src=x onerror=alert(1)>\u202e`;
const mediaType = 'application/vnd.oci.image.manifest.v1+json';
const mebibyte = 1024 * 1024;

interface File {
  readonly bytes: Buffer;
  readonly title?: string;
}

const json = (value: unknown) => Buffer.from(JSON.stringify(value));
const files: Readonly<Record<string, File>> = {
  sbom: {
    bytes: json({ spdxVersion: 'SPDX-2.3', name: hostile, packages: [{ name: hostile, versionInfo: hostile }] }),
    title: hostile,
  },
  scan: {
    bytes: json({
      version: '2.1.0',
      runs: [{ tool: { driver: { name: hostile } }, results: [{ ruleId: hostile, message: { text: hostile } }] }],
    }),
    title: '../../etc/.bashrc',
  },
  large: { bytes: Buffer.alloc(9 * mebibyte, '{"spdxVersion":"SPDX-2.3"} ') },
  binary: { bytes: Buffer.from([0, 1, 2, 255]) },
  page: { bytes: Buffer.from(hostile), title: 'page.html' },
};
const digests = new Map(Object.entries(files).map(([name, { bytes }]) => [name, digestOf(bytes)]));
const byDigest = new Map(Object.values(files).map((file) => [digestOf(file.bytes), file]));
const subject = `sha256:${'ab'.repeat(32)}`;
const reads: bigint[] = [];
let stage: Stage;

beforeAll(async () => {
  stage = await startStage({
    registry: {
      inspectManifest: ({ repository }) => {
        const file = files[repository];
        if (file === undefined) throw new ConnectError('The manifest is not in the repository', Code.NotFound);
        const annotations = { 'org.opencontainers.image.title': file.title ?? '' };
        const layer = {
          digest: digests.get(repository),
          mediaType: 'application/spdx+json',
          size: file.bytes.byteLength,
        };
        return {
          manifest: { digest: subject, mediaType, artifactType: 'application/spdx+json' },
          content: json({ layers: [{ ...layer, ...(file.title && { annotations }) }] }),
        };
      },
      readBlob: ({ digest, start }) => {
        reads.push(start);
        const { bytes } = byDigest.get(digest as ReturnType<typeof digestOf>)!;
        return { content: bytes.subarray(Number(start), Number(start) + mebibyte), size: BigInt(bytes.byteLength) };
      },
    },
  });
});
afterAll(() => stage[Symbol.asyncDispose]());

const pathOf = (kind: 'files' | 'download', name: string) => `/${kind}/${name}/${subject}/${digests.get(name)}`;

describe('the page of a file', () => {
  test.each(['sbom', 'scan', 'page'])('shows what %s has as text, not as markup', async (name) => {
    for (const path of [pathOf('files', name), `/repositories/${name}/manifests/${subject}`]) {
      const { status, body } = await stage.grace.get(path);
      expect(status).toBe(200);
      expect(body).not.toContain('<script>');
      expect(body).not.toContain('<img');
    }
    expect((await stage.grace.get(pathOf('files', name))).body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  test('keeps text that turns around within its cell', async () => {
    const { body } = await stage.grace.get(pathOf('files', 'sbom'));
    expect(body).toMatch(/<bdi>[^<]*\u202e<\/bdi>/);
  });

  test('reads 8 MiB at most, and shows the beginning of a larger file', async () => {
    reads.length = 0;
    const { status, body } = await stage.grace.get(pathOf('files', 'large'));
    expect([status, reads.length]).toEqual([200, 8]);
    expect(body).toContain('the first 64 KiB of 9 MiB');
    expect(body.length).toBeLessThan(500_000);
    reads.length = 0;
    await stage.grace.get(`/repositories/large/manifests/${subject}`);
    expect(reads).toEqual([]);
  });

  test('says of a file that is not text that it is none', async () => {
    expect((await stage.grace.get(pathOf('files', 'binary'))).body).toContain('The file is not text');
  });

  test.each(['files', 'download'])('has no %s but those of the manifest', async (kind) => {
    const { status } = await stage.grace.get(`/${kind}/sbom/${subject}/${digests.get('scan')}`);
    expect(status).toBe(404);
    expect((await stage.grace.get(`/${kind}/sbom/no-digest`)).status).toBe(404);
    expect((await stage.grace.get(`/${kind}/missing/${subject}/${digests.get('scan')}`)).status).toBe(404);
  });
});

describe('a download', () => {
  test.each([
    ['sbom', 'script'],
    ['scan', 'bashrc'],
    ['large', digests.get('large')?.replace(':', '-')],
    ['page', 'page.html'],
  ])('of %s is a file that no browser shows or guesses', async (name, fileName) => {
    const { status, headers, body } = await stage.grace.get(pathOf('download', name));
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/octet-stream');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toMatch(/^sandbox; default-src 'none'/);
    expect(headers['content-disposition']).toMatch(/^attachment; filename="[\w.+-]+"$/);
    expect(headers['content-disposition']).toContain(fileName);
    expect(body).toBe(files[name]?.bytes.toString());
  });
});
