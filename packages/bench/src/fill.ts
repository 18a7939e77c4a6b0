import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { mediaTypes } from '@mcr/core';
import { textContent } from './content.ts';

/** Holds every second tag; the other tags are spread evenly. */
export const largeRepository = 'filled/large';
/** A registry of 1,000,000 tags has 10,000 repositories; fewer than 200 would not fill a page of the catalog. */
const tagsPerRepository = 100;
const fewestRepositories = 200;
/** Tags that name the same manifest. */
const tagsPerManifest = 10;

/** The name of a repository of the other tags, from 1. */
export function repositoryName(number: number): string {
  return `filled/r${String(number).padStart(5, '0')}`;
}

/** The name of a tag, from 0. */
export function tagName(number: number): string {
  return `v${String(number).padStart(7, '0')}`;
}

/** How many repositories a registry of so many tags is given. */
export function repositoriesFor(tags: number): number {
  return Math.max(fewestRepositories, tags / tagsPerRepository);
}

/**
 * Puts tags, with manifests, repositories, blobs and as many audit events, into the database of a stopped MCR. The bytes
 * of the blobs do not exist.
 */
export function fillDatabase(directory: string, tags: number): void {
  using database = new DatabaseSync(join(directory, 'mcr.db'));
  const insert = inserts(database);
  const others = repositoriesFor(tags) - 1;
  const now = Date.now();
  database.exec('PRAGMA synchronous = OFF; BEGIN');
  insert.blob.run(1, textContent('shared').digest, 'shared', now);
  let manifest = 0;
  for (let repository = 1; repository <= others + 1; repository += 1) {
    const name = repository === 1 ? largeRepository : repositoryName(repository - 1);
    insert.repository.run(repository, name, now, now);
    const own = repository === 1 ? tags / 2 : shareOf(tags / 2, others, repository - 2);
    for (let tag = 0; tag < own; tag += 1) {
      if (tag % tagsPerManifest === 0) {
        manifest += 1;
        addManifest(insert, repository, manifest, now);
      }
      insert.tag.run(repository, tagName(tag), manifest, now);
      insert.event.run(now, name);
    }
  }
  database.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
}

function addManifest(insert: Inserts, repository: number, id: number, now: number): void {
  const layer = textContent(`layer ${id}`);
  const shared = textContent('shared');
  const content = textContent(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: mediaTypes.ociManifest,
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: shared.digest, size: blobBytes },
      layers: [layer, shared].map(({ digest }) => ({
        mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
        digest,
        size: blobBytes,
      })),
    }),
  );
  const blob = id + 1;
  insert.blob.run(blob, layer.digest, layer.digest, now);
  insert.manifest.run(id, repository, content.digest, content.size, now, content.chunks[0]!);
  insert.reference.run(repository, 1, id);
  insert.reference.run(repository, blob, id);
}

const blobBytes = 1_000;

type Inserts = ReturnType<typeof inserts>;

function inserts(database: DatabaseSync) {
  return {
    repository: database.prepare('INSERT INTO repositories (id, name, created_at, last_push_at) VALUES (?, ?, ?, ?)'),
    blob: database.prepare(
      `INSERT INTO blobs (id, digest, size, locator, created_at) VALUES (?, ?, ${blobBytes}, ?, ?)`,
    ),
    manifest: database.prepare(
      `INSERT INTO manifests (id, repository_id, digest, media_type, size, created_at, content)
       VALUES (?, ?, ?, '${mediaTypes.ociManifest}', ?, ?, ?)`,
    ),
    reference: database.prepare('INSERT INTO manifest_blobs (repository_id, blob_id, manifest_id) VALUES (?, ?, ?)'),
    tag: database.prepare('INSERT INTO tags (repository_id, name, manifest_id, updated_at) VALUES (?, ?, ?, ?)'),
    event: database.prepare(
      `INSERT INTO audit_log (at, event_type, actor_name, repository, details)
       VALUES (?, 'manifest_pushed', 'admin', ?, '{}')`,
    ),
  };
}

/** How many of `count` the one at `index` gets when `among` share them. */
function shareOf(count: number, among: number, index: number): number {
  return Math.floor((count * (index + 1)) / among) - Math.floor((count * index) / among);
}
