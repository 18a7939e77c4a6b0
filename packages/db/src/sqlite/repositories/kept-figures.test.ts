import { digestOf, parseRepositoryName, parseTag } from '@mcr/core';
import Sqlite from 'better-sqlite3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MetadataStore } from '../../metadata-store.ts';
import { change, publish, push, start } from '../../testing/fixtures.ts';
import { useTemporaryDirectory } from '../../testing/temporary-directory.ts';
import { SqliteMetadataStore } from '../sqlite-metadata-store.ts';

const directory = useTemporaryDirectory();
const names = ['a', 'b', 'c'].map(parseRepositoryName);
const layers = ['one', 'two layers', 'three'];
const inSlices = { reviewAfter: start, limit: 2 };

/** What happens in a small registry, in a repository and with some layers. */
const kinds = [
  'push',
  'deleteManifest',
  'deleteTag',
  'deleteBlob',
  'deleteRepository',
  'removeDeleted',
  'damage',
] as const;
const anyStep = fc.record({
  kind: fc.constantFrom(...kinds),
  repository: fc.constantFrom(...names),
  image: fc.subarray(layers, { minLength: 1 }),
});
type Step = typeof anyStep extends fc.Arbitrary<infer Value> ? Value : never;

async function take(store: MetadataStore, { kind, repository, image }: Step): Promise<void> {
  const text = `image of ${image.join()}`;
  const about = { ...change, repository, reviewAfter: start };
  const tag = parseTag(`t${image.length}`);
  const digest = digestOf(image[0]!);
  if (kind === 'push') {
    for (const layer of image) await publish(store, repository, layer);
    await push(store, repository, text, { blobs: image.map((layer) => digestOf(layer)), tags: [tag] });
  } else if (kind === 'deleteManifest') await store.manifests.delete({ ...about, digest: digestOf(text) });
  else if (kind === 'deleteTag') await store.tags.delete({ ...about, tag });
  else if (kind === 'deleteBlob') await store.blobs.delete({ ...about, digest });
  else if (kind === 'deleteRepository') await store.repositories.delete(about);
  else if (kind === 'removeDeleted') await store.repositories.removeDeleted(inSlices);
  else await store.blobs.quarantine({ ...change, digest, locator: digest.replace(':', '/'), damage: 'size' });
}

const live = 'SELECT id FROM repositories WHERE deleted_at IS NULL';
const differences: Readonly<Record<string, string>> = {
  repositories: `SELECT name FROM repositories r WHERE deleted_at IS NULL AND (
    tag_count <> (SELECT count(*) FROM tags WHERE repository_id = r.id) OR
    manifest_count <> (SELECT count(*) FROM manifests WHERE repository_id = r.id) OR
    unique_blobs <> (SELECT count(*) FROM blobs b WHERE id IN (SELECT blob_id FROM manifest_blobs WHERE repository_id = r.id)
      AND NOT EXISTS (SELECT 1 FROM manifest_blobs WHERE blob_id = b.id AND repository_id <> r.id)) OR
    total_size <> (SELECT coalesce(sum(size), 0) FROM manifests WHERE repository_id = r.id) +
      (SELECT coalesce(sum(size), 0) FROM blobs WHERE id IN (SELECT blob_id FROM manifest_blobs WHERE repository_id = r.id)) OR
    unique_size <> (SELECT coalesce(sum(size), 0) FROM blobs b WHERE id IN (SELECT blob_id FROM manifest_blobs WHERE
      repository_id = r.id) AND NOT EXISTS (SELECT 1 FROM manifest_blobs WHERE blob_id = b.id AND repository_id <> r.id)))`,
  blobs: `SELECT digest FROM blobs b WHERE repository_count <>
    (SELECT count(DISTINCT repository_id) FROM manifest_blobs WHERE blob_id = b.id)`,
  layers: `SELECT * FROM repository_layers FULL JOIN (SELECT m.repository_id, b.size, b.digest, b.id AS blob_id, count(*) AS images
      FROM manifest_blobs m JOIN blobs b ON b.id = m.blob_id GROUP BY m.repository_id, b.id) c
    USING (repository_id, size, digest, blob_id, images) WHERE repository_layers.digest IS NULL OR c.digest IS NULL`,
  totals: `SELECT * FROM totals WHERE repositories <> (SELECT count(*) FROM repositories WHERE deleted_at IS NULL)
    OR manifests <> (SELECT count(*) FROM manifests WHERE repository_id IN (${live}))
    OR tags <> (SELECT count(*) FROM tags WHERE repository_id IN (${live}))
    OR blobs <> (SELECT count(*) FROM blobs) OR blob_bytes <> (SELECT coalesce(sum(size), 0) FROM blobs)
    OR quarantined <> (SELECT count(*) FROM blobs WHERE damage IS NOT NULL) OR uploads <> (SELECT count(*) FROM uploads)
    OR referenced_bytes <> (SELECT coalesce(sum(total_size), 0) FROM repositories WHERE deleted_at IS NULL)`,
};

test('what is kept is what counting gives, whatever was done', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { maxLength: 25 }), async (steps) => {
      run += 1;
      const path = directory.file(`${run}.db`);
      const store = await SqliteMetadataStore.open({ path });
      for (const step of steps) await take(store, step).catch((error: unknown) => expect(error).toHaveProperty('code'));
      await store.close();
      const sqlite = new Sqlite(path, { readonly: true });
      for (const query of Object.values(differences)) expect(sqlite.prepare(query).all()).toEqual([]);
      sqlite.close();
    }),
    { numRuns: 25 },
  );
});
