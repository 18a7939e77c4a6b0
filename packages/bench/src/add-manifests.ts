import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { mediaTypes } from '@mcr/core';
import type { Image } from './content.ts';

/** Puts manifests and their tags, whose blobs and repositories are there, into the database of an MCR, which may run. */
export function addManifests(directory: string, images: readonly Image[]): void {
  using database = new DatabaseSync(join(directory, 'mcr.db'));
  const insert = {
    manifest: database.prepare(
      `INSERT INTO manifests (repository_id, digest, media_type, size, created_at, content)
       SELECT id, ?, '${mediaTypes.ociManifest}', ?, ?, ? FROM repositories WHERE name = ?`,
    ),
    reference: database.prepare(
      `INSERT INTO manifest_blobs (repository_id, blob_id, manifest_id)
       SELECT m.repository_id, b.id, m.id FROM manifests m, blobs b WHERE m.id = ? AND b.digest = ?`,
    ),
    tag: database.prepare(
      'INSERT INTO tags (repository_id, name, manifest_id, updated_at) SELECT repository_id, ?, id, ? FROM manifests WHERE id = ?',
    ),
  };
  const now = Date.now();
  database.exec('PRAGMA busy_timeout = 5000; BEGIN IMMEDIATE');
  for (const { repository, tag, manifest, blobs } of images) {
    const { lastInsertRowid: id } = insert.manifest.run(
      manifest.digest,
      manifest.size,
      now,
      Buffer.concat(manifest.chunks),
      repository,
    );
    for (const { digest } of blobs) insert.reference.run(id, digest);
    insert.tag.run(tag, now, id);
  }
  database.exec('COMMIT');
}
