import type { Remains } from '../inspect/remains.ts';

/** What clients see of a repository. */
export interface RepositoryView {
  /** In bytewise order. */
  readonly manifests: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** Of the blobs that were asked for those that can be pulled whole, by their content. */
  readonly blobs: readonly string[];
}

/** What clients see of all of them, by name. */
export type View = Readonly<Record<string, RepositoryView>>;

/**
 * A registry whose clock the test has, and which can die between any two calls to its stores. What is rejected because
 * something is not there throws a `RegistryError`. Blobs are named by their content, images by the contents of their blobs.
 */
export interface Subject extends AsyncDisposable {
  /** For how long a blob is leased, in milliseconds. */
  readonly gracePeriod: number;
  now(): number;
  advance(milliseconds: number): void;
  pushBlob(repository: string, content: string, inSteps: boolean): Promise<unknown>;
  headBlob(repository: string, content: string): Promise<unknown>;
  /** Does nothing when it is not there. */
  mountBlob(repository: string, content: string, from: string): Promise<unknown>;
  deleteBlob(repository: string, content: string): Promise<unknown>;
  /** The digest of the manifest that `pushImage` pushes. */
  digestOfImage(contents: readonly string[]): string;
  pushImage(repository: string, contents: readonly string[], tag?: string): Promise<unknown>;
  deleteManifest(repository: string, digest: string): Promise<unknown>;
  deleteTag(repository: string, tag: string): Promise<unknown>;
  /** Deletes all tags by a plan, and, unless they are kept, the manifests. */
  deleteTags(repository: string, keepManifests: boolean): Promise<unknown>;
  deleteRepository(repository: string): Promise<unknown>;
  /** Runs a garbage collection, which must be completed. */
  collect(reconcile: boolean): Promise<void>;
  /** From that many calls to its stores on all fail, as if the process were gone. */
  crashAfter(calls: number): void;
  /** Starts again on what it left. */
  reopen(): Promise<void>;
  /** What clients see, every byte read. */
  view(repositories: readonly string[], contents: readonly string[]): Promise<View>;
  /** Brings to an end what goes on behind requests, and tells what lies on the disk after a collection; closes the registry. */
  close(): Promise<Remains>;
}
