import type { AuditEventType, Digest, RepositoryName, Tag } from '@mcr/core';
import type { ManifestContent, ManifestRecord, TagRecord } from './metadata-store.ts';

/** By name from the first; by size or by last push from the greatest. */
export type RepositoryOrder = 'name' | 'size' | 'last_push';

/** What deleting a repository would free. */
export interface RepositoryUsage {
  /** Bytes of the blobs that manifests of this repository reference, and no others. */
  readonly uniqueSize: number;
}

/** A tag with what a list of images shows of it. */
export interface TagDetails extends TagRecord {
  readonly artifactType?: string;
  /**
   * Bytes of the distinct blobs that the manifest, or an index's manifests, reference; of more than 1000 references, those
   * of the first.
   */
  readonly totalSize: number;
  /** Absent with the content as well where the manifest is larger than a list should read, or known to be damaged. */
  readonly platforms?: readonly string[];
  /** The manifest's bytes, unchecked, where its platforms are not kept yet. */
  readonly content?: Uint8Array;
}

/** By name from the first, bytewise or by the versions in it, or by the time of the last change from the newest. */
export type TagOrder = 'name' | 'version' | 'updated';

/** A manifest that an index lists. */
export interface ManifestChild extends ManifestRecord {
  /** Bytes of the distinct blobs that it references; of more than 1000 references, those of the first. */
  readonly totalSize: number;
}

/** A manifest in a list. */
export interface ListedManifest extends ManifestRecord {
  readonly annotations?: Readonly<Record<string, string>>;
  /** Its bytes, unchecked, where its annotations are not kept yet. A list may leave out both of a large one. */
  readonly content?: Uint8Array;
}

/** A manifest with its surroundings. */
export interface ManifestDetails {
  readonly manifest: ManifestContent;
  /** Bytes of the distinct blobs that it, or all manifests that it lists, reference; of more than 10000, of the first. */
  readonly totalSize: number;
  /** Tags that point to it, at most 100. */
  readonly tags: readonly Tag[];
  /** Those of an index's manifests that are in the repository, of the first 1000 that it lists. */
  readonly children: readonly ManifestChild[];
  /** Indexes that list it, at most 100. */
  readonly parents: readonly Digest[];
  /** Manifests that refer to it or to one of its children, at most 100. */
  readonly referrers: readonly ListedManifest[];
  /** Blobs that it references, at most 1000, and in how many repositories each is: 1000 means that or more. */
  readonly blobs: readonly { readonly digest: Digest; readonly size: number; readonly repositories: number }[];
}

/** What the deletion of some tags would do. */
export interface TagDeletionPlan {
  /** Stands for everything below: another plan has another id. */
  readonly id: string;
  readonly tags: readonly {
    readonly name: Tag;
    readonly digest: Digest;
    /** Tags that stay and point to the same manifest, at most 20. */
    readonly otherTags: readonly Tag[];
  }[];
  /** Manifests that go: no tag that stays and no index that stays leads to them. */
  readonly manifests: readonly ManifestRecord[];
  /** Bytes that garbage collection will find unreferenced. */
  readonly freedBytes: number;
}

/** Which tags to delete, and whether the manifests that lose their last tag go with them. */
export interface TagDeletion {
  readonly repository: RepositoryName;
  readonly tags: readonly Tag[];
  readonly withManifests: boolean;
}

/** A day's events of a type. */
export interface ActivityCount {
  /** Days since the epoch, in UTC. */
  readonly day: number;
  readonly type: AuditEventType;
  readonly n: number;
}
