import { and, eq, ne, sql } from 'drizzle-orm';
import type { PushManifest } from '../../facets/manifests.ts';
import type { Connection } from '../connection/connection.ts';
import { damagedManifests, manifestBlobs, manifests, repositories } from '../schema/index.ts';
import { prepareFindManifestId } from './manifest-columns.ts';
import { prepareKeepSummary } from './summary-rows.ts';

export interface StoredManifest {
  readonly id: number;
  readonly created: boolean;
}

/**
 * Stores a manifest's row, its summary, its references to blobs and its children. A manifest that is there already keeps its row and
 * gets back what it may have lost, references and content, and leaves quarantine. Runs in the transaction of the push.
 */
export type StoreManifest = (input: PushManifest, repositoryId: number, blobIds: readonly number[]) => StoredManifest;

export function prepareStoreManifest(connection: Connection): StoreManifest {
  const { db } = connection;
  const findId = prepareFindManifestId(connection);
  const keepSummary = prepareKeepSummary(connection);
  const insert = db
    .insert(manifests)
    .values({
      repositoryId: sql.placeholder('repositoryId'),
      digest: sql.placeholder('digest'),
      mediaType: sql.placeholder('mediaType'),
      artifactType: sql.placeholder('artifactType'),
      subject: sql.placeholder('subject'),
      size: sql.placeholder('size'),
      createdAt: sql.placeholder('now'),
      content: sql.placeholder('content'),
    })
    .returning({ id: manifests.id })
    .prepare();
  const heal = db
    .update(manifests)
    .set({ content: sql`${sql.placeholder('content')}` })
    .where(and(eq(manifests.id, sql.placeholder('id')), ne(manifests.content, sql.placeholder('content'))))
    .prepare();
  const release = db
    .delete(damagedManifests)
    .where(eq(damagedManifests.manifestId, sql.placeholder('id')))
    .prepare();
  const insertReference = db
    .insert(manifestBlobs)
    .values({
      repositoryId: sql.placeholder('repositoryId'),
      blobId: sql.placeholder('blobId'),
      manifestId: sql.placeholder('manifestId'),
    })
    .onConflictDoNothing()
    .prepare();
  // One statement for all: an index may list 30,000.
  const insertChildren = connection.sqlite.prepare(`
    INSERT INTO manifest_children (parent_id, child_digest, repository_id)
    SELECT ?, value, ? FROM json_each(?) WHERE true ON CONFLICT DO NOTHING`);
  const touch = db
    .update(repositories)
    .set({ lastPushAt: sql`max(coalesce(${repositories.lastPushAt}, 0), ${sql.placeholder('now')})` })
    .where(eq(repositories.id, sql.placeholder('repositoryId')))
    .prepare();

  function insertRow(input: PushManifest, repositoryId: number): number {
    const { digest, mediaType, artifactType = null, subject = null, content, now } = input;
    const size = content.byteLength;
    return insert.get({ repositoryId, digest, mediaType, artifactType, subject, size, now, content }).id;
  }

  return (input, repositoryId, blobIds) => {
    const existing = findId(repositoryId, input.digest);
    const id = existing ?? insertRow(input, repositoryId);
    if (existing !== undefined) {
      heal.run({ id, content: input.content });
      release.run({ id });
    }
    keepSummary(id, input.summary);
    for (const blobId of blobIds) insertReference.run({ repositoryId, blobId, manifestId: id });
    if (input.children.length > 0) insertChildren.run(id, repositoryId, JSON.stringify(input.children.toSorted()));
    touch.run({ repositoryId, now: input.now });
    return { id, created: existing === undefined };
  };
}
