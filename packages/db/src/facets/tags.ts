import type { AttachmentKind, Digest, RepositoryName, Tag } from '@mcr/core';
import type { ManifestRecord } from './manifests.ts';
import type { Change, Page, PrefixSearch } from './shared.ts';

export interface TagRecord {
  readonly name: Tag;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly size: number;
  readonly updatedAt: number;
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
  /** Name of the account that set the tag last, where that is on record. */
  readonly pushedBy?: string;
  /** When the tag was last pulled by its name, and by whom. */
  readonly lastPulledAt?: number;
  readonly lastPulledBy?: string;
  /** The same of the manifest, by whatever tag or by its digest. */
  readonly imagePulledAt?: number;
  readonly imagePulledBy?: string;
  /** Kinds of what refers to the manifest, of which the first 100 are looked at, or has a tag of cosign's scheme for it. */
  readonly attached: readonly AttachmentKind[];
  /** How many tags the manifest has, and the one of them with the newest version. */
  readonly imageTags: number;
  readonly newestTag?: Tag;
}

/** Which tags a list has: those that meet all of it. */
export interface TagFilter {
  /** A part of the name, in any case. */
  readonly search?: string;
  /** A pattern that the whole name matches: `*` is any number of characters, `?` one. */
  readonly match?: string;
  /** The last change was before this time. */
  readonly updatedBefore?: number;
  /** `os/architecture` or `os/architecture/variant`, the former with whatever variant. */
  readonly platform?: string;
  /** Whether a signature is attached. */
  readonly signed?: boolean;
}

/**
 * By name from the first, bytewise or by the versions in it, or by the time of the last change from the newest. `newest_version` has
 * images one after another, each with all its tags: the newest version among these decides, and names without a version stand last.
 */
export type TagOrder = 'name' | 'version' | 'updated' | 'newest_version';

/** How a list by `newest_version` has images. */
export interface TagsOfImages {
  /** The limit counts images, and each has at most this many of its tags, those with the newest versions. */
  readonly tagsPerImage?: number;
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

/** A tag, wherever it is. */
export interface FoundTag {
  readonly repository: RepositoryName;
  readonly name: Tag;
}

/** Names of manifests in a repository. */
export interface Tags {
  /** `NAME_UNKNOWN`. */
  list(repository: RepositoryName, page: Page): Promise<readonly Tag[]>;
  /** Tags with what they point to, by name by default. `NAME_UNKNOWN`. */
  listRecords(
    repository: RepositoryName,
    page: Page & { readonly order?: 'name' | 'version' },
  ): Promise<readonly TagRecord[]>;
  /**
   * Tags that meet the filter in the order asked for, with what a list of images shows. After the first page `after` is a name, or
   * `updatedAt` and name with a space between, or `newestTag`, and behind a space the name unless the next image is to follow.
   * `NAME_UNKNOWN`.
   */
  listDetails(
    repository: RepositoryName,
    page: Page & TagFilter & TagsOfImages & { readonly order?: TagOrder },
  ): Promise<readonly TagDetails[]>;
  /** How many tags meet the filter, at most `limit`. `NAME_UNKNOWN`. */
  count(repository: RepositoryName, filter: TagFilter & { readonly limit: number }): Promise<number>;
  /** Tags of all repositories that begin so, by name and then by the repositories' age. It reads nothing but what it returns. */
  findByPrefix(search: PrefixSearch): Promise<readonly FoundTag[]>;
  /** Deletes a tag and keeps its manifest (`tag_deleted`). `NAME_UNKNOWN`, `MANIFEST_UNKNOWN`. */
  delete(input: Change & { repository: RepositoryName; tag: Tag; reviewAfter: number }): Promise<void>;
  /** `NAME_UNKNOWN`, `MANIFEST_UNKNOWN`. */
  planDeletion(deletion: TagDeletion): Promise<TagDeletionPlan>;
  /**
   * Deletes the tags, and manifests as planned (`tag_deleted` and `manifest_deleted` for each), if the plan is still
   * `plan`; else `CONFLICT`, and nothing changes. `undefined` when the tags are gone because this very plan was carried
   * out before. `NAME_UNKNOWN`, `MANIFEST_UNKNOWN`.
   */
  deleteMany(input: Change & TagDeletion & { plan: string; reviewAfter: number }): Promise<TagDeletionPlan | undefined>;
}
