import type { Digest, Tag } from '@mcr/core';
import { blob, integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** `content` is the last column, so that reading the others does not walk its overflow pages. */
export const manifests = sqliteTable('manifests', {
  id: integer('id').primaryKey(),
  repositoryId: integer('repository_id').notNull(),
  digest: text('digest').$type<Digest>().notNull(),
  mediaType: text('media_type').notNull(),
  artifactType: text('artifact_type'),
  subject: text('subject_digest'),
  size: integer('size').notNull(),
  createdAt: integer('created_at').notNull(),
  content: blob('content', { mode: 'buffer' }).$type<Uint8Array>().notNull(),
});

/** Manifests in quarantine: their content has another digest than they. */
export const damagedManifests = sqliteTable('damaged_manifests', {
  manifestId: integer('manifest_id').primaryKey(),
  quarantinedAt: integer('quarantined_at').notNull(),
});

/** What lists show of a manifest's content, as JSON; null where it is not filled in yet. The largest column is the last. */
export const manifestSummaries = sqliteTable('manifest_summaries', {
  manifestId: integer('manifest_id').primaryKey(),
  configMediaType: text('config_media_type'),
  platforms: text('platforms'),
  annotations: text('annotations'),
});

/** When a manifest was last pulled; not in its own row, which has its content. */
export const manifestPulls = sqliteTable('manifest_pulls', {
  manifestId: integer('manifest_id').primaryKey(),
  lastPulledAt: integer('last_pulled_at').notNull(),
  lastPulledBy: text('last_pulled_by'),
});

export const tags = sqliteTable(
  'tags',
  {
    repositoryId: integer('repository_id').notNull(),
    name: text('name').$type<Tag>().notNull(),
    manifestId: integer('manifest_id').notNull(),
    updatedAt: integer('updated_at').notNull(),
    /** What `versionKey` makes of the name. */
    versionKey: text('version_key').notNull(),
    /** Name of the account that set it last. */
    pushedBy: text('pushed_by'),
    lastPulledAt: integer('last_pulled_at'),
    lastPulledBy: text('last_pulled_by'),
  },
  (table) => [primaryKey({ columns: [table.repositoryId, table.name] })],
);

/** Repeats the manifest's repository, so that "is this blob in that repository" is one look-up however widely it is shared. */
export const manifestBlobs = sqliteTable(
  'manifest_blobs',
  {
    repositoryId: integer('repository_id').notNull(),
    blobId: integer('blob_id').notNull(),
    manifestId: integer('manifest_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.repositoryId, table.blobId, table.manifestId] })],
);

/** Digests that an index lists, whether or not they were pushed. */
export const manifestChildren = sqliteTable(
  'manifest_children',
  {
    parentId: integer('parent_id').notNull(),
    childDigest: text('child_digest').notNull(),
    /** The parent's: digests are looked up in one repository, however many others list them. */
    repositoryId: integer('repository_id').notNull().default(0),
  },
  (table) => [primaryKey({ columns: [table.parentId, table.childDigest] })],
);
