import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const blobsPerManifest = 10;
const manifestsPerRepository = 100;
const blobSize = 100;

/**
 * Puts `blobs` rows into a database that exists and is not open, each with a file; `garbage` of them, spread evenly, are
 * unreferenced and due for review, and manifests reference all others.
 */
export function fill(directory: string, blobs: number, garbage: number): void {
  const database = new DatabaseSync(join(directory, 'mcr.db'));
  const insert = {
    blob: database.prepare('INSERT INTO blobs (id, digest, size, locator, created_at) VALUES (?, ?, ?, ?, 0)'),
    queue: database.prepare(`INSERT INTO gc_queue (blob_id, review_after, reason) VALUES (?, 0, 'manifest_delete')`),
    reference: database.prepare('INSERT INTO manifest_blobs (repository_id, blob_id, manifest_id) VALUES (?, ?, ?)'),
    repository: database.prepare('INSERT INTO repositories (id, name, created_at) VALUES (?, ?, 0)'),
    manifest: database.prepare(
      `INSERT INTO manifests (id, repository_id, digest, media_type, size, created_at, content)
       VALUES (?, ?, ?, 'type', 2, 0, x'7b7d')`,
    ),
  };
  const every = Math.floor(blobs / garbage);
  database.exec('BEGIN');
  for (let id = 1; id <= blobs; id += 1) {
    const hex = createHash('sha256').update(`blob ${id}`).digest('hex');
    const locator = `sha256/${hex.slice(0, 2)}/${hex}`;
    insert.blob.run(id, `sha256:${hex}`, blobSize, locator);
    makeFile(join(directory, 'layers', locator));
    const manifest = Math.ceil(id / blobsPerManifest);
    const repository = 1_000 + Math.ceil(manifest / manifestsPerRepository);
    if (id % blobsPerManifest === 1) {
      if (manifest % manifestsPerRepository === 1) insert.repository.run(repository, `bulk/${repository}`);
      insert.manifest.run(manifest, repository, `sha256:m${manifest}`);
    }
    if (id % every === 0) insert.queue.run(id);
    else insert.reference.run(repository, id, manifest);
  }
  database.exec('COMMIT');
  database.close();
}

/** A file of the right size that takes no room. */
function makeFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, 'w', 0o600);
  ftruncateSync(file, blobSize);
  closeSync(file);
}
