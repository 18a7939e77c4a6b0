import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { GcRun, TrashEntry } from '../../facets/gc.ts';

/** Blobs that a change may have orphaned, each with the time of its review. */
export const gcQueue = sqliteTable('gc_queue', {
  blobId: integer('blob_id').primaryKey(),
  reviewAfter: integer('review_after').notNull(),
  reason: text('reason').notNull(),
  /** Kept by triggers, as is whether a manifest references the blob. */
  size: integer('size').notNull().default(0),
  unreferenced: integer('unreferenced').notNull().default(0),
});

/** Locators whose bytes are to be removed. */
export const blobTrash = sqliteTable('blob_trash', {
  locator: text('locator').primaryKey(),
  size: integer('size').notNull(),
  attempts: integer('attempts').notNull(),
  kind: text('kind').$type<TrashEntry['kind']>().notNull().default('blob'),
  trashedAt: integer('trashed_at').notNull().default(0),
});

/**
 * Locators that went to the trash without ever having been on record; kept for a while after their bytes are gone. Its
 * statements are raw SQL; tests compare it with the migrations.
 * @internal
 */
export const sweptLocators = sqliteTable('swept_locators', {
  locator: text('locator').primaryKey(),
  sweptAt: integer('swept_at').notNull(),
});

/** Sums of what waits: unreferenced blobs in the queue, and trash. Kept by triggers. */
export const pendingGarbage = sqliteTable('pending_garbage', {
  place: text('place').$type<'queue' | 'trash'>().primaryKey(),
  blobs: integer('blobs').notNull(),
  bytes: integer('bytes').notNull(),
});

/**
 * Bytes of blobs that several repositories reference, in one row; kept by triggers. Its statements are raw SQL; tests compare it with
 * the migrations.
 * @internal
 */
export const sharedBytes = sqliteTable('shared_bytes', {
  id: integer('id').primaryKey(),
  bytes: integer('bytes').notNull(),
});

/** What was stored at the end of a day; days are counted from the epoch, in UTC. */
export const storageSamples = sqliteTable('storage_samples', {
  day: integer('day').primaryKey(),
  storedBytes: integer('stored_bytes').notNull(),
  /** `NULL` for a bucket. */
  usedBytes: integer('used_bytes'),
});

export const gcRuns = sqliteTable('gc_runs', {
  sequence: integer('sequence').primaryKey({ autoIncrement: true }),
  id: text('id').notNull(),
  reconcile: integer('reconcile', { mode: 'boolean' }).notNull(),
  trigger: text('trigger').$type<GcRun['trigger']>().notNull(),
  state: text('state').$type<GcRun['state']>().notNull(),
  startedAt: integer('started_at').notNull(),
  completedAt: integer('completed_at'),
  blobsRemoved: integer('blobs_removed').notNull(),
  bytesFreed: integer('bytes_freed').notNull(),
  uploadsRemoved: integer('uploads_removed').notNull(),
  examined: integer('examined').notNull(),
  orphansRemoved: integer('orphans_removed').notNull(),
  missingFiles: integer('missing_files').notNull(),
  error: text('error'),
});
