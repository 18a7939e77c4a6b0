import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { type Digest, type DigestAlgorithm, digestFromHex, digestOf } from '@mcr/core';
import { type Pack, pack } from 'tar-stream';
import { blobOf, type TestBlob } from './blobs.ts';
import { seededBytes, seededChunks } from './random-bytes.ts';

/** A layer of `size` bytes of seeded content, as a real tar archive with one file, gzipped. */
export interface SeededLayer {
  readonly size: number;
  /** Equal seeds and sizes give equal layers. */
  readonly seed?: string;
  /** Writes the layer to a file in this directory instead of memory; needed above 64 MiB. */
  readonly directory?: string;
}

/** What `buildImage` takes for a layer: bytes that are pushed as they are, or a description of a real layer. */
export type LayerSource = Uint8Array | SeededLayer;

/** A layer's blob, and the digest of its uncompressed form, which the image's config lists (image-spec config.md). */
export interface BuiltLayer {
  readonly blob: TestBlob;
  readonly diffId: Digest;
}

const layerType = 'application/vnd.oci.image.layer.v1.tar+gzip';
/** Content this large would not fit into a worker's memory several times over. */
const largestInMemory = 64 << 20;

/** Builds one layer. Throws when a large layer comes without a directory. */
export async function buildLayer(source: LayerSource, name: string, algorithm: DigestAlgorithm): Promise<BuiltLayer> {
  if (source instanceof Uint8Array) {
    return { blob: blobOf(source, layerType, algorithm), diffId: digestOf(source) };
  }
  if (source.directory) return await layerOnDisk(source, name, source.directory, algorithm);
  if (source.size > largestInMemory) throw new Error('Give a directory for a layer of more than 64 MiB');

  const archive = pack();
  archive.entry(header(name, source.size), seededBytes(source.seed ?? name, source.size));
  archive.finalize();
  const tar = await buffer(archive);
  return { blob: blobOf(gzipSync(tar), layerType, algorithm), diffId: digestOf(tar) };
}

async function layerOnDisk(
  source: SeededLayer,
  name: string,
  directory: string,
  algorithm: DigestAlgorithm,
): Promise<BuiltLayer> {
  const path = join(directory, `${name}.tar.gz`);
  const archive = pack();
  const uncompressed = createHash('sha256');
  const compressed = createHash(algorithm);
  let size = 0;

  const filled = fill(archive, name, source);
  await pipeline(
    archive,
    see((chunk) => uncompressed.update(chunk)),
    // Stored blocks: a valid gzip stream at the speed of a copy.
    createGzip({ level: 0, chunkSize: 1 << 20 }),
    see((chunk) => {
      compressed.update(chunk);
      size += chunk.byteLength;
    }),
    createWriteStream(path),
  );
  await filled;
  return {
    blob: { mediaType: layerType, digest: digestFromHex(algorithm, compressed.digest('hex')), size, content: { path } },
    diffId: digestFromHex('sha256', uncompressed.digest('hex')),
  };
}

async function fill(archive: Pack, name: string, { size, seed = name }: SeededLayer): Promise<void> {
  const entry = archive.entry(header(name, size));
  for (const chunk of seededChunks(seed, size)) {
    if (!entry.write(chunk)) await once(entry, 'drain');
  }
  entry.end(null);
  archive.finalize();
}

/** A pipeline step that looks at each chunk and passes it on. */
function see(look: (chunk: Buffer) => void) {
  return async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      look(chunk);
      yield chunk;
    }
  };
}

function header(name: string, size: number): { name: string; size: number; mtime: Date } {
  return { name, size, mtime: new Date(0) };
}
