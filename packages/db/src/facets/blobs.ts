import type { Digest, RepositoryName } from '@mcr/core';
import type { Change } from './shared.ts';

export interface BlobRecord {
  readonly digest: Digest;
  readonly size: number;
  readonly locator: string;
}

/** What can be wrong with a blob's bytes: not there, of another length, of another digest, or the disk fails to read them. */
export type Damage = 'missing' | 'size' | 'digest' | 'unreadable';

/**
 * A blob is **in** a repository when one of its manifests references it, or when the repository holds an unexpired
 * lease on it, unless it is in quarantine.
 */
export interface Blobs {
  /** The blob, if it is in the repository. */
  find(repository: RepositoryName, digest: Digest, now: number): Promise<BlobRecord | undefined>;
  /** The blob, if only quarantine keeps it from being in the repository. */
  findQuarantined(repository: RepositoryName, digest: Digest, now: number): Promise<BlobRecord | undefined>;
  /**
   * As `find`, for a response by which a client need not send the blob: the repository's lease is
   * extended to `leasedUntil` (written only when less than half of the time is left), and a pending review is put off.
   */
  claim(input: {
    repository: RepositoryName;
    digest: Digest;
    leasedUntil: number;
    now: number;
  }): Promise<BlobRecord | undefined>;
  /**
   * Makes sealed bytes a blob of the repository: blob row (or the one that exists), lease, review queued, trash entry of
   * this locator withdrawn, upload row removed, `blob_uploaded`. If the digest is known under another locator, the new
   * locator goes to the trash; of a blob in quarantine, which this ends, the old one. Creates the repository when it is
   * new. Returns the record that stands.
   */
  publish(
    input: Change & {
      repository: RepositoryName;
      digest: Digest;
      size: number;
      locator: string;
      uploadId?: string;
      leasedUntil: number;
      reviewAfter: number;
    },
  ): Promise<BlobRecord>;
  /**
   * Leases a blob that is in `from` to `repository` (`blob_mounted`), creating the latter when it is new. `undefined`,
   * and nothing changed, when it is not in `from`.
   */
  mount(
    input: Change & {
      from: RepositoryName;
      repository: RepositoryName;
      digest: Digest;
      leasedUntil: number;
      reviewAfter: number;
    },
  ): Promise<BlobRecord | undefined>;
  /** Takes a blob out of a repository, leaving bytes to garbage collection (`blob_deleted`). `NAME_UNKNOWN`, `BLOB_UNKNOWN`. */
  delete(input: Change & { repository: RepositoryName; digest: Digest; reviewAfter: number }): Promise<void>;
  /** Whether any blob row has this locator; the check before bytes are removed. */
  isLocatorUsed(locator: string): Promise<boolean>;
  /**
   * Takes a blob whose bytes are damaged out of service (`blob_quarantined`): from now on it is in no repository, until
   * it is pushed again. Whether it was in service.
   */
  quarantine(input: Change & { digest: Digest; locator: string; damage: Damage }): Promise<boolean>;
  /** Puts a blob back into service whose bytes are right again (`blob_released`). Whether it was in quarantine. */
  release(input: Change & { digest: Digest; locator: string }): Promise<boolean>;
  countQuarantined(): Promise<number>;
}
