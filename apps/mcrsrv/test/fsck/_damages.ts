import { randomUUID } from 'node:crypto';
import { appendFile, mkdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Digest, digestOf } from '@mcr/core';
import { blobOf, pushImage, type TestImage } from '@mcr/testkit';
import type { FindingKind } from '../../src/services/fsck/kinds.ts';
import { sqlFromOutside } from '../_util/outside.ts';
import type { TestServer } from '../_util/server.ts';
import { fileOf } from './_fsck.ts';

/** Longer ago than any grace period and any time to live of these tests. */
const longAgo = new Date(Date.now() - 30 * 86_400_000);
const noForeignKeys = 'PRAGMA foreign_keys = OFF; ';

/** An image in the repository `app`, pushed for one case. */
export interface Scene {
  readonly server: TestServer;
  readonly image: TestImage;
}

/** One way to break a registry, and what becomes of it. */
export interface DamageCase {
  readonly what: string;
  readonly damage: (scene: Scene) => Promise<unknown>;
  readonly kind: FindingKind;
  readonly flags?: readonly string[];
  /** What `--repair` makes of it: right again, out of service until the next push, or nothing. */
  readonly repair: 'settled' | 'blob-quarantined' | 'manifest-quarantined' | 'none';
  /** Puts right what no repair can. */
  readonly undo?: (scene: Scene) => Promise<unknown>;
}

const sql = ({ server }: Scene, text: string) => sqlFromOutside(server, text);
const manifestId = ({ image }: Scene) => `(SELECT id FROM manifests WHERE digest = '${image.manifest.digest}')`;
const blobId = (digest: Digest) => `(SELECT id FROM blobs WHERE digest = '${digest}')`;
const appId = "(SELECT id FROM repositories WHERE name = 'app')";
const layerOf = ({ image }: Scene) => image.layers[0]!;
const layerFile = (scene: Scene) => fileOf(scene.server, layerOf(scene).digest);
const hex = (bytes: Uint8Array) => `x'${Buffer.from(bytes).toString('hex')}'`;
const unknown = digestOf('unknown');
const upload = '00000000-0000-4000-8000-000000000000';

/** Flips the last byte of a file and keeps its size. */
async function flip(file: string): Promise<void> {
  const bytes = await readFile(file);
  bytes[bytes.length - 1]! ^= 1;
  await writeFile(file, bytes);
}

/** Takes every row of a layer away, in the order that the schema asks for. */
async function forget(scene: Scene): Promise<void> {
  const id = blobId(layerOf(scene).digest);
  const tables = ['manifest_blobs', 'blob_links', 'gc_queue'].map(
    (name) => `DELETE FROM ${name} WHERE blob_id = ${id}`,
  );
  await sql(scene, [...tables, `DELETE FROM blobs WHERE id = ${id}`].join(';'));
}

async function writeOld(file: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, 'unknown');
  await utimes(file, longAgo, longAgo);
}

function uploadOf(offset: number): string {
  return `INSERT INTO uploads VALUES ('${upload}', ${appId}, '${randomUUID()}', ${offset}, NULL, 1, ${Date.now()});
    INSERT INTO upload_pieces VALUES ('${upload}', 0, 'uploads/${upload}', ${offset})`;
}

/** Every kind of finding, each made by really breaking something. */
export const damages: readonly DamageCase[] = [
  {
    what: 'the content of a manifest was changed',
    damage: (scene) => sql(scene, `UPDATE manifests SET content = x'7b7d' WHERE id = ${manifestId(scene)}`),
    kind: 'manifest-digest',
    repair: 'manifest-quarantined',
  },
  {
    what: 'a sound manifest is out of service',
    damage: (scene) => sql(scene, `INSERT INTO damaged_manifests VALUES (${manifestId(scene)}, 1)`),
    kind: 'manifest-recovered',
    repair: 'settled',
  },
  {
    what: 'a manifest was replaced by something else, digest and all',
    damage: (scene) =>
      sql(
        scene,
        `UPDATE manifests SET content = x'7b7d', digest = '${digestOf('{}')}' WHERE id = ${manifestId(scene)}`,
      ),
    kind: 'manifest-unreadable',
    repair: 'none',
    undo: (scene) =>
      sql(
        scene,
        `UPDATE manifests SET content = ${hex(scene.image.manifest.bytes)}, digest = '${scene.image.manifest.digest}'
         WHERE digest = '${digestOf('{}')}'`,
      ),
  },
  {
    what: 'what is on record of a manifest is not what it says',
    damage: (scene) =>
      sql(
        scene,
        `UPDATE manifests SET size = 1, artifact_type = 'x', subject_digest = 'y' WHERE id = ${manifestId(scene)};
         INSERT INTO manifest_children (parent_id, child_digest) VALUES (${manifestId(scene)}, 'z')`,
      ),
    kind: 'manifest-fields',
    repair: 'settled',
  },
  {
    what: 'what is kept of a manifest for lists is not what it says',
    damage: (scene) =>
      sql(
        scene,
        `UPDATE manifest_summaries SET annotations = '{"a":"b"}', config_media_type = 'x' WHERE manifest_id = ${manifestId(scene)}`,
      ),
    kind: 'manifest-fields',
    repair: 'settled',
  },
  {
    what: 'what was kept of a manifest that has gone is still there',
    damage: (scene) => sql(scene, `${noForeignKeys} INSERT INTO manifest_summaries (manifest_id) VALUES (987654)`),
    kind: 'row-dangling',
    repair: 'settled',
  },
  {
    what: 'a reference of a manifest was lost',
    damage: (scene) =>
      sql(
        scene,
        `DELETE FROM manifest_blobs WHERE manifest_id = ${manifestId(scene)} AND blob_id = ${blobId(layerOf(scene).digest)}`,
      ),
    kind: 'reference-missing',
    repair: 'settled',
  },
  {
    what: 'a blob that a manifest needs was forgotten, its old file is there',
    damage: async (scene) => {
      await forget(scene);
      await utimes(layerFile(scene), longAgo, longAgo);
    },
    kind: 'reference-missing',
    repair: 'settled',
  },
  {
    what: 'a blob that a manifest needs was forgotten, its file is in the trash',
    damage: async (scene) => {
      await forget(scene);
      const locator = layerFile(scene).slice(join(scene.server.directory, 'layers/').length);
      await sql(scene, `INSERT INTO blob_trash (locator, size, attempts) VALUES ('${locator}', 1000, 0)`);
    },
    kind: 'reference-missing',
    repair: 'settled',
  },
  {
    what: 'a blob that a manifest needs was forgotten, its old file has other bytes',
    damage: async (scene) => {
      await forget(scene);
      await flip(layerFile(scene));
      await utimes(layerFile(scene), longAgo, longAgo);
    },
    kind: 'file-unknown',
    repair: 'none',
    undo: ({ server, image }) => pushImage(server.admin, 'app', 'latest', image),
  },
  {
    what: 'a manifest references what it does not name',
    damage: async (scene) => {
      await scene.server.admin.pushBlob('app', blobOf('stranger'));
      await sql(
        scene,
        `INSERT INTO manifest_blobs VALUES (${appId}, ${blobId(digestOf('stranger'))}, ${manifestId(scene)})`,
      );
    },
    kind: 'reference-unknown',
    repair: 'none',
    undo: (scene) => sql(scene, `DELETE FROM manifest_blobs WHERE blob_id = ${blobId(digestOf('stranger'))}`),
  },
  {
    what: 'a file is gone',
    damage: (scene) => rm(layerFile(scene)),
    kind: 'blob-missing',
    repair: 'blob-quarantined',
  },
  {
    what: 'a file was cut short',
    damage: (scene) => truncate(layerFile(scene), 10),
    kind: 'blob-size',
    repair: 'blob-quarantined',
  },
  {
    what: 'a file has grown',
    damage: (scene) => appendFile(layerFile(scene), 'x'),
    kind: 'blob-size',
    repair: 'blob-quarantined',
  },
  {
    what: 'a bit has flipped',
    damage: (scene) => flip(layerFile(scene)),
    kind: 'blob-digest',
    flags: ['--deep'],
    repair: 'blob-quarantined',
  },
  {
    what: 'a sound blob is out of service',
    damage: ({ server, image }) =>
      server.context.services.store.blobs.quarantine({
        digest: image.config.digest,
        locator: fileOf(server, image.config.digest).slice(join(server.directory, 'layers/').length),
        damage: 'missing',
        actor: {},
        now: Date.now(),
      }),
    kind: 'blob-recovered',
    repair: 'settled',
  },
  {
    what: 'no review of an unreferenced blob is due',
    damage: async (scene) => {
      await scene.server.admin.pushBlob('app', blobOf('forgotten'));
      await sql(scene, `DELETE FROM gc_queue WHERE blob_id = ${blobId(digestOf('forgotten'))}`);
    },
    kind: 'blob-forgotten',
    repair: 'settled',
  },
  {
    what: 'an old file belongs to no blob',
    damage: ({ server }) => writeOld(fileOf(server, unknown)),
    kind: 'file-unknown',
    repair: 'settled',
  },
  {
    what: 'the file of an upload is gone',
    damage: (scene) => sql(scene, uploadOf(7)),
    kind: 'upload-missing',
    repair: 'settled',
  },
  {
    what: 'an upload has lost the first of its pieces',
    damage: async (scene) => {
      await sql(scene, uploadOf(7));
      await writeFile(join(scene.server.directory, 'uploads', `${upload}.aaaaaaaaaaaa`), 'there');
      const piece = `('${upload}', 1, 'uploads/${upload}.aaaaaaaaaaaa', 5)`;
      await sql(scene, `INSERT INTO upload_pieces VALUES ${piece}; UPDATE uploads SET byte_offset = 12`);
    },
    kind: 'upload-missing',
    repair: 'settled',
  },
  {
    what: 'an upload has lost bytes',
    damage: async (scene) => {
      await writeFile(join(scene.server.directory, 'uploads', upload), 'unknown');
      await sql(scene, uploadOf(8));
    },
    kind: 'upload-short',
    repair: 'settled',
  },
  {
    what: 'an old file belongs to no upload',
    damage: ({ server }) => writeOld(join(server.directory, 'uploads', randomUUID())),
    kind: 'upload-unknown',
    repair: 'settled',
  },
  {
    what: 'the size of a repository is wrong',
    damage: (scene) => sql(scene, "UPDATE repositories SET total_size = 1 WHERE name = 'app'"),
    kind: 'repository-size',
    repair: 'settled',
  },
  {
    what: 'the number of tags of a repository is wrong',
    damage: (scene) => sql(scene, "UPDATE repositories SET tag_count = tag_count + 1 WHERE name = 'app'"),
    kind: 'repository-size',
    repair: 'settled',
  },
  {
    what: 'what only one repository has is wrong',
    damage: (scene) => sql(scene, "UPDATE repositories SET unique_size = 1, unique_blobs = 0 WHERE name = 'app'"),
    kind: 'repository-size',
    repair: 'settled',
  },
  {
    what: 'a blob is in another number of repositories',
    damage: (scene) => sql(scene, `UPDATE blobs SET repository_count = 7 WHERE id = ${blobId(layerOf(scene).digest)}`),
    kind: 'figures-wrong',
    repair: 'settled',
  },
  {
    what: 'a total of the registry is wrong',
    damage: (scene) => sql(scene, 'UPDATE totals SET manifests = manifests + 1, uploads = 7'),
    kind: 'figures-wrong',
    repair: 'settled',
  },
  {
    what: 'a layer counts other manifests, and another repository has it, too',
    damage: (scene) =>
      sql(
        scene,
        `UPDATE repository_layers SET images = images + 1 WHERE digest = '${layerOf(scene).digest}';
         INSERT INTO repository_layers VALUES (99999, 7, '${layerOf(scene).digest}', ${blobId(layerOf(scene).digest)}, 1)`,
      ),
    kind: 'figures-wrong',
    repair: 'settled',
  },
  {
    what: 'the sum of what waits for collection is wrong',
    damage: (scene) => sql(scene, "UPDATE pending_garbage SET blobs = blobs + 1, bytes = 1 WHERE place = 'queue'"),
    kind: 'figures-wrong',
    repair: 'settled',
  },
  {
    what: 'a lease is on no blob',
    damage: (scene) => sql(scene, `${noForeignKeys}INSERT INTO blob_links VALUES (${appId}, 99999, 1)`),
    kind: 'row-dangling',
    repair: 'settled',
  },
  {
    what: 'a tag points to no manifest',
    damage: (scene) =>
      sql(
        scene,
        `${noForeignKeys}INSERT INTO tags (repository_id, name, manifest_id, updated_at) VALUES (${appId}, 'nowhere', 99999, 1)`,
      ),
    kind: 'row-dangling',
    repair: 'none',
    undo: (scene) => sql(scene, "DELETE FROM tags WHERE name = 'nowhere'"),
  },
  {
    what: 'a row breaks a rule of the schema',
    damage: (scene) =>
      sql(
        scene,
        `PRAGMA ignore_check_constraints = ON;
         INSERT INTO gc_runs VALUES (1, 'x', 0, 'api', 'nonsense', 0, 0, 0, 0, 0, 0, 0, 0, NULL)`,
      ),
    kind: 'database-damaged',
    flags: ['--deep'],
    repair: 'none',
    undo: (scene) => sql(scene, "DELETE FROM gc_runs WHERE id = 'x'"),
  },
];
