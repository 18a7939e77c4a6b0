import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { versionKey } from '@mcr/core';

const repositories = 10_000;
const tagsPerRepository = 10;
const layersPerImage = 3;
/** One repository that CI pushes to with every commit. */
export const large = { name: 'platform-engineering/checkout-service', tags: 5_000, layers: 12 } as const;
/** One of the others. */
export const usual = 'team-7/order-service-7';

const types = {
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  layer: 'application/vnd.oci.image.layer.v1.tar+gzip',
};

interface Blob {
  readonly id: number;
  readonly digest: string;
  readonly size: number;
}

/** A digest of some text. */
export function digest(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/**
 * Writes what the pushes of 10,000 repositories with 100,000 tags would have stored in the database, and the configs on
 * disk: pages of images read them. No page reads layers.
 */
export function fillImages(db: DatabaseSync, directory: string): void {
  const now = Date.now();
  const addRepository = db.prepare('INSERT INTO repositories (id, name, created_at, last_push_at) VALUES (?, ?, ?, ?)');
  const addManifest = db.prepare(
    'INSERT INTO manifests (id, repository_id, digest, media_type, artifact_type, size, created_at, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const addTag = db.prepare(
    'INSERT INTO tags (repository_id, name, manifest_id, updated_at, version_key) VALUES (?, ?, ?, ?, ?)',
  );
  const addBlob = db.prepare('INSERT INTO blobs (id, digest, size, locator, created_at) VALUES (?, ?, ?, ?, ?)');
  const addUse = db.prepare('INSERT INTO manifest_blobs (repository_id, blob_id, manifest_id) VALUES (?, ?, ?)');
  const addSummary = db.prepare(
    'INSERT INTO manifest_summaries (manifest_id, config_media_type, platforms, annotations) VALUES (?, ?, ?, ?)',
  );
  let [manifests, blobs] = [0, 0];
  const base = addLayer(30_000_000);
  for (let at = 1; at <= repositories; at += 1) {
    addRepository.run(at, `team-${at % 100}/order-service-${at}`, now - at * 1000, now - at * 1000);
    for (let tag = 1; tag <= tagsPerRepository; tag += 1) addImage(at, `v1.${tag}.0`, layersPerImage, tag * 60_000);
  }
  addRepository.run(repositories + 1, large.name, now, now);
  for (let tag = 1; tag <= large.tags; tag += 1)
    addImage(repositories + 1, `main-${digest(`commit ${tag}`).slice(7, 47)}`, large.layers, tag * 60_000);

  function addImage(repository: number, tag: string, layerCount: number, age: number): void {
    manifests += 1;
    const config = addConfig(configText(tag, layerCount));
    const own = Array.from({ length: layerCount - 1 }, (_, layer) => addLayer(1_000_000 * (layer + 1) + manifests));
    const layers = [base, ...own];
    const describe = ({ digest, size }: Blob, mediaType: string) => ({ mediaType, digest, size });
    const annotations = {
      'org.opencontainers.image.revision': tag,
      'org.opencontainers.image.url': 'https://example.com',
    };
    const content = JSON.stringify({
      schemaVersion: 2,
      config: describe(config, types.config),
      layers: layers.map((layer) => describe(layer, types.layer)),
      annotations,
    });
    const bytes = Buffer.from(content);
    addManifest.run(
      manifests,
      repository,
      digest(content),
      types.manifest,
      types.config,
      bytes.length,
      now - age,
      bytes,
    );
    const platform = `linux/${images % 3 === 0 ? 'arm64' : 'amd64'}`;
    addSummary.run(manifests, types.config, JSON.stringify([platform]), JSON.stringify(annotations));
    addTag.run(repository, tag, manifests, now - age, versionKey(tag));
    for (const { id } of [config, ...layers]) addUse.run(repository, id, manifests);
  }

  function addLayer(size: number): Blob {
    return insert(digest(`layer ${blobs}`), size);
  }

  function addConfig(text: string): Blob {
    const value = digest(text);
    const path = join(directory, 'layers', locatorOf(value));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return insert(value, text.length);
  }

  function insert(value: string, size: number): Blob {
    blobs += 1;
    addBlob.run(blobs, value, size, locatorOf(value), now);
    return { id: blobs, digest: value, size };
  }
}

/** Where a blob is, below the directory of layers. */
export function locatorOf(value: string): string {
  const [algorithm = '', hex = ''] = value.split(':');
  return `${algorithm}/${hex.slice(0, 2)}/${hex}`;
}

let images = 0;

/** A config as a builder writes it; each one differs, as after each build. */
function configText(tag: string, layerCount: number): string {
  images += 1;
  const step = (at: number) => ({
    created: '2026-01-31T12:00:00Z',
    created_by: `RUN /bin/sh -c apt-get update && apt-get install -y --no-install-recommends package-${at} && rm -rf /var/lib/apt/lists/* # buildkit`,
    comment: 'buildkit.dockerfile.v0',
    ...(at >= layerCount && { empty_layer: true }),
  });
  return JSON.stringify({
    os: 'linux',
    architecture: images % 3 === 0 ? 'arm64' : 'amd64',
    created: '2026-01-31T12:00:00Z',
    config: {
      Entrypoint: ['/usr/bin/tini', '--', '/srv/app/bin/server'],
      Env: [
        'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        'NODE_ENV=production',
        `BUILD=${images}`,
      ],
      Labels: { 'org.opencontainers.image.version': tag, 'org.opencontainers.image.vendor': 'Example Corporation' },
    },
    rootfs: { type: 'layers', diff_ids: Array.from({ length: layerCount }, (_, at) => digest(`${tag} ${at}`)) },
    history: Array.from({ length: layerCount + 6 }, (_, at) => step(at)),
  });
}
