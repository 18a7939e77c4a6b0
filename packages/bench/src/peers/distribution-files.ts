import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Image } from '../content.ts';

/**
 * Puts manifests and their tags, whose blobs are there, into the files of distribution, as far as a pull reads them: a push of each takes
 * some milliseconds. https://github.com/distribution/distribution/blob/v3.1.2/registry/storage/paths.go
 */
export function fillDistribution(directory: string, images: readonly Image[]): void {
  const root = join(directory, 'docker', 'registry', 'v2');
  for (const { repository, tag, manifest } of images) {
    const hex = manifest.digest.slice('sha256:'.length);
    const own = join(root, 'repositories', repository, '_manifests');
    write(join(root, 'blobs', 'sha256', hex.slice(0, 2), hex), 'data', Buffer.concat(manifest.chunks));
    write(join(own, 'revisions', 'sha256', hex), 'link', manifest.digest);
    write(join(own, 'tags', tag, 'current'), 'link', manifest.digest);
  }
}

function write(directory: string, name: string, content: string | Uint8Array): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, name), content);
}
