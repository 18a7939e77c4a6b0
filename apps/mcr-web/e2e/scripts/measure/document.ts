import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { digest, locatorOf, usual } from './images.ts';

const packages = 200;
const type = 'application/spdx+json';
const manifestType = 'application/vnd.oci.image.manifest.v1+json';

/** A bill of materials, as a scanner writes it. */
const text = JSON.stringify({
  spdxVersion: 'SPDX-2.3',
  name: usual,
  packages: Array.from({ length: packages }, (_, at) => ({
    name: `package-${at}`,
    SPDXID: `SPDXRef-${at}`,
    versionInfo: `1.${at}.0`,
    licenseConcluded: 'Apache-2.0',
  })),
});
const config = '{}';
const described = (content: string, mediaType: string) => ({
  mediaType,
  digest: digest(content),
  size: content.length,
});
const manifest = JSON.stringify({
  schemaVersion: 2,
  artifactType: type,
  config: described(config, 'application/vnd.oci.empty.v1+json'),
  layers: [described(text, type)],
});

/** Its page. */
export const documentPath = `/files/${usual}/${digest(manifest)}/${digest(text)}`;

/** Writes it into a repository, with its manifest. */
export function fillDocument(db: DatabaseSync, directory: string): void {
  const now = Date.now();
  const repository = idOf(db.prepare('SELECT id FROM repositories WHERE name = ?').get(usual));
  const added = db
    .prepare(
      'INSERT INTO manifests (repository_id, digest, media_type, artifact_type, size, created_at, content) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING id',
    )
    .get(repository, digest(manifest), manifestType, type, manifest.length, now, Buffer.from(manifest));
  const id = idOf(added);
  db.prepare("INSERT INTO manifest_summaries (manifest_id, config_media_type, platforms) VALUES (?, ?, '[]')").run(
    id,
    'application/vnd.oci.empty.v1+json',
  );
  for (const content of [config, text]) {
    const value = digest(content);
    const path = join(directory, 'layers', locatorOf(value));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    const blob = db
      .prepare('INSERT INTO blobs (digest, size, locator, created_at) VALUES (?, ?, ?, ?) RETURNING id')
      .get(value, content.length, locatorOf(value), now);
    db.prepare('INSERT INTO manifest_blobs (repository_id, blob_id, manifest_id) VALUES (?, ?, ?)').run(
      repository,
      idOf(blob),
      id,
    );
  }
}

function idOf(row: Readonly<Record<string, unknown>> | undefined): number {
  return Number(row?.['id']);
}
