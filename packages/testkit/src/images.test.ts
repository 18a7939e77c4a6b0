import { createReadStream } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { digestOf, mediaTypes, parseManifest } from '@mcr/core';
import { extract } from 'tar-stream';
import { expect, test } from 'vitest';
import { openBlob, readBlob, type TestBlob } from './blobs.ts';
import { buildArtifact, buildImage, buildIndex, buildMultiPlatformIndex } from './images.ts';
import { seededBytes } from './random-bytes.ts';
import { tempDirectory } from './temp.ts';

async function unpack(layer: TestBlob): Promise<Record<string, Buffer>> {
  const files: Record<string, Buffer> = {};
  const archive = extract();
  archive.end(gunzipSync(await readBlob(layer)));
  for await (const entry of archive) files[entry.header.name] = await buffer(entry);
  return files;
}

const build = (seed: string) => buildImage({ layers: [{ size: 64, seed }] });

test('an image has real layers, and a config that lists the digests of their uncompressed form', async () => {
  const image = await buildImage({ layers: [{ size: 100, seed: 'a' }, { size: 2000 }] });
  expect(await unpack(image.layers[0]!)).toEqual({ 'layer-0': seededBytes('a', 100) });
  expect(await unpack(image.layers[1]!)).toEqual({ 'layer-1': seededBytes('layer-1', 2000) });

  const config = JSON.parse(Buffer.from(await readBlob(image.config)).toString());
  const tars = await Promise.all(image.layers.map(async (layer) => gunzipSync(await readBlob(layer))));
  expect(config.rootfs.diff_ids).toEqual(tars.map((tar) => digestOf(tar)));
  expect(config).toMatchObject({ os: 'linux', architecture: 'amd64' });
});

test('descriptors, digests and sizes fit the bytes, for sha256 and sha512', async () => {
  for (const algorithm of ['sha256', 'sha512'] as const) {
    const { manifest, blobs, config, layers } = await buildImage({ layers: [{ size: 10 }], algorithm });
    expect(manifest.digest).toBe(digestOf(manifest.bytes, algorithm));
    for (const blob of blobs) {
      const bytes = await readBlob(blob);
      expect(blob).toMatchObject({ digest: digestOf(bytes, algorithm), size: bytes.byteLength });
    }
    expect(JSON.parse(Buffer.from(manifest.bytes).toString())).toMatchObject({
      config: { digest: config.digest, size: config.size },
      layers: [{ digest: layers[0]!.digest, size: layers[0]!.size }],
    });
  }
});

test('the same options give the same image, another seed gives another', async () => {
  expect((await build('a')).manifest.digest).toBe((await build('a')).manifest.digest);
  expect((await build('a')).manifest.digest).not.toBe((await build('b')).manifest.digest);
});

test('a layer that is written to disk has the same content as one in memory', async () => {
  await using directory = await tempDirectory();
  const size = (1 << 20) + 1;
  const onDisk = await buildImage({ layers: [{ size, directory: directory.path }] });
  const layer = onDisk.layers[0]!;
  expect((await unpack(layer))['layer-0']?.equals(seededBytes('layer-0', size))).toBe(true);
  const bytes = await buffer(openBlob(layer));
  expect(layer).toMatchObject({ digest: digestOf(bytes), size: bytes.byteLength });
  if (layer.content instanceof Uint8Array) throw new Error('The layer should be in a file');
  expect(bytes.equals(await buffer(createReadStream(layer.content.path)))).toBe(true);
  const inMemory = await buildImage({ layers: [{ size }] });
  expect(onDisk.config.digest).toBe(inMemory.config.digest);
});

test('bytes become a layer as they are', async () => {
  const image = await buildImage({ layers: [Buffer.from('raw'), Buffer.from('raw')] });
  expect(await readBlob(image.layers[0]!)).toEqual(Buffer.from('raw'));
  expect(image.layers).toHaveLength(2);
  expect(image.blobs).toHaveLength(2);
});

test('an index lists each image with its platform', async () => {
  const { manifest, images } = await buildMultiPlatformIndex(3);
  expect(manifest.mediaType).toBe(mediaTypes.ociIndex);
  expect(JSON.parse(Buffer.from(manifest.bytes).toString()).manifests).toMatchObject([
    { digest: images[0]!.manifest.digest, platform: { os: 'linux', architecture: 'amd64' } },
    { digest: images[1]!.manifest.digest, platform: { architecture: 'arm64', variant: 'v1' } },
    { digest: images[2]!.manifest.digest, platform: { architecture: 'arm64', variant: 'v2' } },
  ]);
});

test('an artifact refers to its subject', async () => {
  const subject = (await buildImage({ layers: [] })).manifest;
  const { manifest, blobs } = buildArtifact({ artifactType: 'application/vnd.example.sbom', content: 'sbom', subject });
  const content = JSON.parse(Buffer.from(manifest.bytes).toString());
  expect(content).toMatchObject({
    artifactType: 'application/vnd.example.sbom',
    config: { mediaType: mediaTypes.ociEmpty, size: 2 },
    subject: { digest: subject.digest, size: subject.size, mediaType: subject.mediaType },
  });
  expect(blobs).toHaveLength(2);
});

test('the registry itself accepts what is built', async () => {
  const image = await buildImage({ layers: [{ size: 1 }], annotations: { title: 'x' } });
  for (const { bytes, mediaType } of [image.manifest, buildIndex([image]).manifest]) {
    expect(() => parseManifest(bytes, mediaType)).not.toThrow();
  }
});
