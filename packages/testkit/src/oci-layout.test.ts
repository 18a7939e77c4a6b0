import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOf } from '@mcr/core';
import { expect, test } from 'vitest';
import { buildImage, buildIndex } from './images.ts';
import { layoutPath, writeOciLayout } from './oci-layout.ts';
import { tempDirectory } from './temp.ts';

test('a layout holds every manifest and blob under its digest, and the index under its tag', async () => {
  await using directory = await tempDirectory();
  const image = await buildImage({ layers: [{ size: 10 }, { size: 20, directory: directory.path }] });
  const index = buildIndex([image]);
  const layout = join(directory.path, 'layout');
  await writeOciLayout(layout, index, 'v1');

  for (const { digest } of [index.manifest, image.manifest, ...image.blobs]) {
    expect(digestOf(await readFile(layoutPath(layout, digest)))).toBe(digest);
  }
  expect(JSON.parse(await readFile(join(layout, 'index.json'), 'utf8')).manifests).toMatchObject([
    { digest: index.manifest.digest, annotations: { 'org.opencontainers.image.ref.name': 'v1' } },
  ]);
  expect(JSON.parse(await readFile(join(layout, 'oci-layout'), 'utf8'))).toEqual({ imageLayoutVersion: '1.0.0' });
});
