import type { Digest, RepositoryName } from '@mcr/core';
import type { AuditedBlob, BlobRecord } from './blobs.ts';
import type { ManifestContent, ManifestName, ManifestSummary } from './manifests.ts';
import type { Change, Page } from './shared.ts';
import type { UploadRecord } from './uploads.ts';

/** A blob with what an inspection asks about it. */
export interface InspectedBlob extends AuditedBlob {
  /** Nothing references it, and no review will look at it: garbage collection has lost sight of it. */
  readonly forgotten: boolean;
}

/** What the database says of a place in the blob store. */
export interface InspectedLocator {
  readonly blob?: InspectedBlob;
  /** Whether garbage collection is going to remove the bytes. */
  readonly trashed: boolean;
}

/** A manifest with the rows that were made of its content; all of one moment. */
export interface InspectedManifest extends ManifestContent {
  /** Cursor of the list. */
  readonly id: number;
  readonly repository: RepositoryName;
  /** Blobs that the manifest is on record to reference. */
  readonly blobs: readonly Digest[];
  /** Digests that it is on record to list. */
  readonly children: readonly string[];
  /** What is kept of it for lists; absent where that is not filled in yet. */
  readonly summary?: ManifestSummary;
  readonly quarantined: boolean;
}

/** What is kept for a repository. */
export interface RepositoryFigures {
  readonly totalSize: number;
  readonly tagCount: number;
  readonly manifestCount: number;
  /** Bytes and number of the blobs that no other repository references. */
  readonly uniqueSize: number;
  readonly uniqueBlobs: number;
}

/** What is kept for a repository, and what counting gives. */
export interface InspectedRepository {
  readonly name: RepositoryName;
  readonly kept: RepositoryFigures;
  readonly counted: RepositoryFigures;
}

/** A figure that is kept, and what counting gives. */
export interface ComparedFigure {
  readonly kept: number;
  readonly counted: number;
}

/** Kinds of rows that may point to a row that is not there. */
export type DanglingKind = 'lease' | 'review' | 'upload' | 'child' | 'summary' | 'reference' | 'tag' | 'manifest';

/** A row that points to one that is not there; no foreign key allows it, so the file was changed from outside. */
export interface DanglingRow {
  readonly kind: DanglingKind;
  /** The row's key, in words. */
  readonly row: string;
}

/** What of a manifest's rows is to be made anew of its content. */
export interface ManifestRepair {
  readonly repository: RepositoryName;
  readonly digest: Digest;
  readonly size: number;
  readonly artifactType?: string;
  readonly subject?: string;
  readonly children: readonly string[];
  /** Platforms that are absent stay what they are. */
  readonly summary: ManifestSummary;
  /** Blobs to reference again, where there still is such a blob. */
  readonly blobs: readonly Digest[];
}

/**
 * What it takes to check a registry and to put it right beside a running server. Reads are slices of one moment each
 * and change nothing; every repair looks again, in its own transaction, whether it is due.
 */
export interface Inspection {
  /** Blobs in order of locator. */
  listBlobs(page: Page): Promise<readonly InspectedBlob[]>;
  findLocator(locator: string): Promise<InspectedLocator>;
  /** At most `limit` of the manifests that reference a blob. */
  listReferences(blob: Digest, limit: number): Promise<readonly ManifestName[]>;
  /** Manifests of all repositories in order of id. */
  listManifests(page: Page<number>): Promise<readonly InspectedManifest[]>;
  /**
   * Whether a blob was deleted from a repository by request, which takes it out of manifests that need it, and the
   * manifest was not pushed since, which brings it back.
   */
  wasBlobDeleted(input: { repository: RepositoryName; digest: Digest; manifest: Digest }): Promise<boolean>;
  /** In how many repositories each blob is, in order of digest. */
  compareReferenceCounts(page: Page): Promise<readonly (ComparedFigure & { readonly digest: Digest })[]>;
  /** What the registry holds and what waits for collection, all figures of one moment; reads all blobs. */
  compareTotals(): Promise<readonly (ComparedFigure & { readonly figure: string })[]>;
  /** Repositories by name. */
  compareRepositories(page: Page): Promise<readonly InspectedRepository[]>;
  /** Uploads in order of id. */
  listUploads(page: Page): Promise<readonly UploadRecord[]>;
  /** At most `limit` rows of each kind. */
  listDangling(limit: number): Promise<readonly DanglingRow[]>;
  /** What the database finds wrong with its own file, at most 100 lines; none when it is sound. Reads all of it. */
  checkIntegrity(): Promise<readonly string[]>;
  /** Puts a forgotten blob up for review; whether it was forgotten. */
  reviewForgotten(input: { locator: string; reviewAfter: number }): Promise<boolean>;
  /**
   * Makes a blob anew whose row was lost, of bytes that were verified, puts it up for review, and keeps them from garbage
   * collection (`blob_released`). `false`, and nothing changed, when the digest or the locator has a row.
   */
  restoreBlob(input: Change & BlobRecord & { reviewAfter: number }): Promise<boolean>;
  /** Makes the rows of a manifest agree with its content; the blobs that it references again. */
  repairManifest(input: ManifestRepair): Promise<readonly Digest[]>;
  /** Counts the repositories of a blob anew. */
  recountReferences(digest: Digest): Promise<void>;
  /** Counts what the registry holds and what waits for collection anew. */
  recountTotals(): Promise<void>;
  /** Counts all figures of a repository anew, which rest on those of its blobs. */
  recountRepository(name: RepositoryName): Promise<void>;
  /** Removes leases, reviews, uploads, children and summaries that point to nothing. */
  removeDangling(): Promise<void>;
}
