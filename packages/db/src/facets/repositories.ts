import type { RepositoryName } from '@mcr/core';
import type { Layer } from './layers.ts';
import type { Change, Page } from './shared.ts';

export interface RepositorySummary {
  readonly name: RepositoryName;
  readonly tagCount: number;
  readonly manifestCount: number;
  /** Bytes of the manifests and of the distinct blobs that they reference. */
  readonly totalSize: number;
  readonly createdAt: number;
  /** Time of the newest manifest push; absent while there is none. */
  readonly lastPushAt?: number;
  /** What it is for, in words. */
  readonly description?: string;
}

/** By name from the first; by size or by last push from the greatest. */
export type RepositoryOrder = 'name' | 'size' | 'last_push';

/** What deleting a repository would free. */
export interface RepositoryUsage {
  /** Bytes of the blobs that manifests of this repository reference, and no others. */
  readonly uniqueSize: number;
}

/** Repositories, and what is kept for each. */
export interface Repositories {
  list(page: Page): Promise<readonly RepositoryName[]>;
  /** By a figure, `after` is the figure and the name with a space between. */
  listSummaries(page: Page & { search?: string; order?: RepositoryOrder }): Promise<readonly RepositorySummary[]>;
  /** `NAME_UNKNOWN`. */
  getSummary(repository: RepositoryName): Promise<RepositorySummary>;
  /** `NAME_UNKNOWN`. */
  usage(repository: RepositoryName): Promise<RepositoryUsage>;
  /**
   * What its manifests reference, from the largest, and by digest among those of one size; `after` is size and digest with a space
   * between, which need not be there any more. `NAME_UNKNOWN`.
   */
  listLayers(repository: RepositoryName, page: Page): Promise<readonly Layer[]>;
  /** Bytes that all repositories hold, each counted for itself: what blobs would take if none were shared. */
  referencedBytes(): Promise<number>;
  /** Says what a repository is for; an empty text says nothing (`repo_updated`). `NAME_UNKNOWN`. */
  update(input: Change & { repository: RepositoryName; description: string }): Promise<RepositorySummary>;
  /**
   * Deletes a repository with all that is in it, queueing its blobs (`repo_deleted`). At once nothing finds it any more,
   * nothing counts it, and its name is free; what is left beyond about `limit` rows, 500 by default, `removeDeleted`
   * removes. `NAME_UNKNOWN`.
   */
  delete(input: Change & { repository: RepositoryName; reviewAfter: number; limit?: number }): Promise<void>;
  /**
   * Removes at most about `limit` rows of deleted repositories, in one transaction, queueing their blobs; 0 when none are
   * left. Until then, their blobs are referenced, and count as shared.
   */
  removeDeleted(input: { reviewAfter: number; limit: number }): Promise<{ readonly removed: number }>;
}
