import type { Digest, Reference, RepositoryName, Tag } from '@mcr/core';
import type { Versions } from './coordination.ts';
import type { Change, Page, PrefixSearch } from './shared.ts';

export interface ManifestRecord {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly size: number;
  /** `artifactType` of the manifest, else the config's media type of an image manifest. */
  readonly artifactType?: string;
  readonly subject?: string;
  readonly createdAt: number;
}

export interface ManifestContent extends ManifestRecord {
  /** The bytes as they were pushed. */
  readonly content: Uint8Array;
}

/** What lists show of a manifest's content, kept beside it so that they need not read that. */
export interface ManifestSummary {
  readonly annotations: Readonly<Record<string, string>>;
  /** Media type of an image's config. */
  readonly configMediaType?: string;
  /** Such as `linux/arm64/v8`: those that an index lists, or the one of an image's config; absent while that is unknown. */
  readonly platforms?: readonly string[];
}

/** A manifest whose summary is not complete. */
export interface UnsummarizedManifest {
  readonly id: number;
  readonly repository: RepositoryName;
  readonly digest: Digest;
  readonly mediaType: string;
  /** Unchecked. */
  readonly content: Uint8Array;
}

export interface PushManifest extends Change {
  readonly repository: RepositoryName;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly subject?: string;
  readonly content: Uint8Array;
  /** Blobs that must be in the repository. */
  readonly blobs: readonly Digest[];
  /** Blobs that are referenced if they are in the repository, and not missed otherwise. */
  readonly optionalBlobs: readonly Digest[];
  /** Digests that an index lists; they need not exist (sparse indexes). */
  readonly children: readonly string[];
  /** For lists; without one, `listUnsummarized` has the manifest. */
  readonly summary?: ManifestSummary;
  /** Tags to set to this manifest. */
  readonly tags: readonly Tag[];
  /** When garbage collection looks at blobs that this change may orphan. */
  readonly reviewAfter: number;
}

/** What a pull depends on: while it is the same, a caller that was allowed to pull still is, and finds the same. */
export interface PullStamp extends Versions, Pick<ManifestRecord, 'digest' | 'mediaType'> {}

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
  /** When it was last pulled, by whatever tag or by its digest, and by whom. */
  readonly lastPulledAt?: number;
  readonly lastPulledBy?: string;
}

/** A pull of a manifest, as it is kept for lists. */
export interface Pull {
  readonly repository: RepositoryName;
  readonly digest: Digest;
  /** The tag that it was pulled by. */
  readonly tag?: Tag;
  readonly at: number;
  /** Name of the account. */
  readonly by?: string;
}

/** A manifest, and where it is. */
export interface ManifestName {
  readonly repository: RepositoryName;
  readonly digest: Digest;
}

/** Manifests and what they refer to. */
export interface Manifests {
  /**
   * `NAME_UNKNOWN`, `MANIFEST_UNKNOWN`; the latter as `ManifestDamaged` when the content has another digest than the
   * manifest, which is checked whenever it is loaded, or when it is in quarantine for that.
   */
  get(repository: RepositoryName, reference: Reference): Promise<ManifestContent>;
  /** As `get`, without reading the content: damage shows here once the manifest is in quarantine. */
  stat(repository: RepositoryName, reference: Reference): Promise<ManifestRecord>;
  /** What a pull depends on, as it is at one moment, read for this call. Rejects where `stat` does, as `…_UNKNOWN`. */
  stamp(repository: RepositoryName, reference: Reference): Promise<PullStamp>;
  /**
   * Stores a manifest and moves the tags to it (`manifest_pushed`). Blobs of a manifest that loses its last tag are
   * queued for review. Idempotent. `MANIFEST_BLOB_UNKNOWN` with `detail` `[{ digest }, …]` when blobs are not in the
   * repository; then nothing changes, and no repository is created.
   */
  push(input: PushManifest): Promise<{ readonly created: boolean }>;
  /** Deletes a manifest and its tags (`manifest_deleted`), queueing its blobs. `NAME_UNKNOWN`, `MANIFEST_UNKNOWN`. */
  delete(input: Change & { repository: RepositoryName; digest: Digest; reviewAfter: number }): Promise<void>;
  /** As `get`. Content in lists is not checked; children and referrers in quarantine are left out. */
  inspect(repository: RepositoryName, reference: Reference): Promise<ManifestDetails>;
  /** Manifests of a repository in order of digest. `NAME_UNKNOWN`. */
  list(repository: RepositoryName, page: Page): Promise<readonly ManifestRecord[]>;
  /** Manifests of all repositories whose digest begins so, by digest. It reads nothing but what it returns. */
  findByPrefix(search: PrefixSearch): Promise<readonly ManifestName[]>;
  /**
   * Manifests whose subject is `subject`, in order of digest; empty for an unknown repository. Fewer than the page has
   * room for, but one at least, where all that is read of them has more than `maxBytes`: annotations, or content where
   * those are not kept. Those in quarantine are left out; the content of the others is not checked.
   */
  listReferrers(
    repository: RepositoryName,
    subject: Digest,
    page: Page & { artifactType?: string; maxBytes?: number },
  ): Promise<readonly ListedManifest[]>;
  /**
   * Manifests whose summary is not complete, in order of id, at most `limit` and about `maxBytes` of content, one at
   * least. Those in quarantine and of deleted repositories are passed over. `next` is the cursor to go on after, absent
   * when nothing is left.
   */
  listUnsummarized(page: Page<number> & { maxBytes: number }): Promise<{
    readonly manifests: readonly UnsummarizedManifest[];
    readonly next?: number;
  }>;
  /** Keeps summaries of manifests that still are there, all in one transaction; an unknown platform replaces no known one. */
  keepSummaries(
    summaries: readonly { readonly id: number; readonly digest: Digest; readonly summary: ManifestSummary }[],
  ): Promise<void>;
  /**
   * Takes a manifest out of service whose content has another digest than it (`manifest_quarantined`), which it looks at
   * itself: from now on every request finds it unknown, until it is pushed again. Whether it was in service.
   */
  quarantine(input: Change & ManifestName): Promise<boolean>;
  /** Puts a manifest back into service whose content is right (`manifest_released`). Whether it did. */
  release(input: Change & ManifestName): Promise<boolean>;
  countQuarantined(): Promise<number>;
  /** Notes when manifests and tags were last pulled, and by whom; an older pull replaces no newer one, and what is gone is passed over. */
  notePulls(pulls: readonly Pull[]): Promise<void>;
}
