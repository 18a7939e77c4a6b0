import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const blobsPerManifest = 10;
const manifestsPerRepository = 100;
const blobSize = 100;

/** What a filled database has; the bytes of referenced blobs do not exist. */
export interface Filling {
  /** In bytewise order. */
  readonly locators: readonly string[];
  readonly blobSize: number;
}

/**
 * Puts `blobs` rows into a database that exists and is not open, `garbage` of them, spread evenly, unreferenced and due
 * for review, with a file each; manifests reference all others.
 */
export async function fill(directory: string, blobs: number, garbage: number): Promise<Filling> {
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
  const locators: string[] = [];
  database.exec('BEGIN');
  for (let id = 1; id <= blobs; id += 1) {
    const hex = createHash('sha256').update(`blob ${id}`).digest('hex');
    const locator = `sha256/${hex.slice(0, 2)}/${hex}`;
    insert.blob.run(id, `sha256:${hex}`, blobSize, locator);
    locators.push(locator);
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
  for (let id = every; id <= blobs; id += every) await writeBytes(join(directory, 'layers', locators[id - 1]!));
  return { locators: locators.sort(), blobSize };
}

async function writeBytes(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(path, Buffer.alloc(blobSize), { mode: 0o600 });
}
