import type { Digest, RepositoryName } from '@mcr/core';
import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { Damage } from '../../facets/blobs.ts';

export const repositories = sqliteTable('repositories', {
  id: integer('id').primaryKey(),
  name: text('name').$type<RepositoryName>().notNull(),
  createdAt: integer('created_at').notNull(),
  lastPushAt: integer('last_push_at'),
  /** Figures are kept by triggers. */
  totalSize: integer('total_size').notNull().default(0),
  tagCount: integer('tag_count').notNull().default(0),
  manifestCount: integer('manifest_count').notNull().default(0),
  /** Bytes of the blobs that no other repository references. */
  uniqueSize: integer('unique_size').notNull().default(0),
  /** When it was deleted; then it has no name any more, and its rows are being removed. */
  deletedAt: integer('deleted_at'),
  /** How many blobs no other repository references; kept by triggers. */
  uniqueBlobs: integer('unique_blobs').notNull().default(0),
  description: text('description'),
});

/** What the whole registry holds, in one row; kept by triggers. Deleted repositories do not count. */
export const totals = sqliteTable('totals', {
  id: integer('id').primaryKey(),
  repositories: integer('repositories').notNull(),
  manifests: integer('manifests').notNull(),
  tags: integer('tags').notNull(),
  blobs: integer('blobs').notNull(),
  blobBytes: integer('blob_bytes').notNull(),
  quarantined: integer('quarantined').notNull(),
  uploads: integer('uploads').notNull(),
  referencedBytes: integer('referenced_bytes').notNull(),
});

export const blobs = sqliteTable('blobs', {
  id: integer('id').primaryKey(),
  digest: text('digest').$type<Digest>().notNull(),
  size: integer('size').notNull(),
  locator: text('locator').notNull(),
  createdAt: integer('created_at').notNull(),
  /** What is wrong with the bytes; a blob that has this is in quarantine. */
  damage: text('damage').$type<Damage>(),
  quarantinedAt: integer('quarantined_at'),
  /** Repositories whose manifests reference it; kept by triggers. */
  repositoryCount: integer('repository_count').notNull().default(0),
});

/** Leases of repositories on blobs; a row counts while `leased_until` lies ahead. */
export const blobLinks = sqliteTable(
  'blob_links',
  {
    repositoryId: integer('repository_id').notNull(),
    blobId: integer('blob_id').notNull(),
    leasedUntil: integer('leased_until').notNull(),
  },
  (table) => [primaryKey({ columns: [table.repositoryId, table.blobId] })],
);

export const uploads = sqliteTable('uploads', {
  id: text('uuid').primaryKey(),
  repositoryId: integer('repository_id').notNull(),
  createdBy: text('created_by').notNull(),
  offset: integer('byte_offset').notNull(),
  sha256AtOffset: text('sha256_at_offset'),
  version: integer('version').notNull(),
  touchedAt: integer('touched_at').notNull(),
});

/** The bytes of uploads, in order. Each row's bytes are durable and stay as they are. */
export const uploadPieces = sqliteTable(
  'upload_pieces',
  {
    upload: text('upload').notNull(),
    position: integer('position').notNull(),
    locator: text('locator').notNull(),
    size: integer('size').notNull(),
  },
  (table) => [primaryKey({ columns: [table.upload, table.position] })],
);
