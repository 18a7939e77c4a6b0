import type { RepositoryName } from '@mcr/core';

/** Bytes that are stored, by what becomes of them. They add up to what is stored in all. */
export interface StoredBytes {
  /** Of blobs that one repository references. */
  readonly own: number;
  /** Of blobs that several repositories reference, each counted once. */
  readonly shared: number;
  /** Of blobs that no manifest references, and of what is to be removed. */
  readonly waiting: number;
  /** Of uploads in progress; of the newest 1,000 if there are more. */
  readonly uploads: number;
}

/** A repository and the bytes that are there because of it alone. */
export interface RepositoryShare {
  readonly name: RepositoryName;
  readonly ownBytes: number;
}

/** What was stored at the end of a day, or last on the day that is not over. */
export interface StorageSample {
  /** Days since the epoch, in UTC. */
  readonly day: number;
  readonly storedBytes: number;
  /** Bytes in use on the file system of the blobs, whatever uses them; absent for a bucket. */
  readonly usedBytes?: number;
}

/** What takes space, and how that grew. */
export interface StorageSpace {
  /** As of one moment; from figures that are kept with each change. */
  stored(): Promise<StoredBytes>;
  /** Of the 100 repositories that hold most, those that hold most for themselves, greatest first. */
  largest(input: { limit: number }): Promise<readonly RepositoryShare[]>;
  /** Puts a sample in the place of the one of its day, and forgets those from before `keepSince`. */
  putSample(input: StorageSample & { keepSince: number }): Promise<void>;
  /** From a day on, oldest first. */
  samples(input: { sinceDay: number }): Promise<readonly StorageSample[]>;
}
