import type { Digest, RepositoryName } from '@mcr/core';
import type { Change } from './shared.ts';
import type { UploadVersion } from './uploads.ts';

export interface BlobRecord {
  readonly digest: Digest;
  readonly size: number;
  readonly locator: string;
}

/** What can be wrong with a blob's bytes: not there, of another length, of another digest, or the disk fails to read them. */
export type Damage = 'missing' | 'size' | 'digest' | 'unreadable';

/** A blob as garbage collection compares it with its bytes. */
export interface AuditedBlob extends BlobRecord {
  /** Set while the blob is in quarantine. */
  readonly damage?: Damage;
}

/**
 * A blob is **in** a repository when one of its manifests references it, or when the repository holds an unexpired
 * lease on it, unless it is in quarantine.
 */
export interface Blobs {
  /** The blob, if it is in the repository. */
  find(repository: RepositoryName, digest: Digest, now: number): Promise<BlobRecord | undefined>;
  /** The blob, in whatever repositories it is, or none; `damage` is set while it is in quarantine. */
  findByDigest(digest: Digest): Promise<AuditedBlob | undefined>;
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
   * Makes sealed bytes a blob of the repository: blob row (or the one that exists), lease, review queued, upload ended,
   * `blob_uploaded`. Of a blob in quarantine, which this ends, the old locator goes to the trash. Creates the repository
   * when it is new. Returns the record that stands: if it has another locator, the caller removes its own bytes.
   * `BLOB_UPLOAD_UNKNOWN` when the upload is not there in its version, `UNAVAILABLE` when the locator is trash, or was; both
   * change nothing. Publishing once more under the locator that stands is a retry.
   */
  publish(
    input: Change & {
      repository: RepositoryName;
      digest: Digest;
      size: number;
      locator: string;
      upload?: UploadVersion;
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
  /** Whether a blob or a piece of an upload has this locator; the check before bytes are removed. */
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
