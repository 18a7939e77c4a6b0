/** What one repository holds. It never changes: what happens to a repository makes another one of it. */
export interface Repository {
  /** By the digest of a manifest the blobs that it references. */
  readonly manifests: ReadonlyMap<string, ReadonlySet<string>>;
  readonly tags: ReadonlyMap<string, string>;
  /**
   * Until when a blob is kept whether or not a manifest references it, in milliseconds since the epoch; 0 when it was deleted.
   * Where the server's clock is another one, it is the earliest time at which the lease may end.
   */
  readonly leases: ReadonlyMap<string, number>;
}

/** What lists show of a repository. */
export type Listing = Pick<Repository, 'tags'> & { readonly manifests: ReadonlySet<string> };

/** A repository that nothing was pushed to. */
export const emptyRepository: Repository = { manifests: new Map(), tags: new Map(), leases: new Map() };

/** After a manifest was pushed, and these tags set to it. */
export function withManifest(
  { manifests, tags, leases }: Repository,
  digest: string,
  blobs: readonly string[],
  ...moved: readonly string[]
): Repository {
  const references = new Set([...(manifests.get(digest) ?? []), ...blobs]);
  return {
    manifests: new Map([...manifests, [digest, references]]),
    tags: new Map([...tags, ...moved.map((tag) => [tag, digest] as const)]),
    leases,
  };
}

/** After a manifest was deleted, and its tags with it. */
export function withoutManifest({ manifests, tags, leases }: Repository, digest: string): Repository {
  return {
    manifests: new Map([...manifests].filter(([other]) => other !== digest)),
    tags: new Map([...tags].filter(([, target]) => target !== digest)),
    leases,
  };
}

/** After tags were deleted, and, unless they are kept, the manifests that lose their last tag by that. */
export function withoutTags(repository: Repository, deleted: readonly string[], keepManifests = true): Repository {
  const tags = new Map([...repository.tags].filter(([name]) => !deleted.includes(name)));
  const targets = new Set(tags.values());
  const untagged = new Set(deleted.map((name) => repository.tags.get(name)).filter((it) => !targets.has(it ?? '')));
  const manifests = new Map([...repository.manifests].filter(([digest]) => keepManifests || !untagged.has(digest)));
  return { ...repository, manifests, tags };
}

/** After the registry has confirmed a blob, which is then kept until a time at least. */
export function withLease(repository: Repository, blob: string, until: number): Repository {
  const latest = Math.max(until, repository.leases.get(blob) ?? 0);
  return { ...repository, leases: new Map([...repository.leases, [blob, latest]]) };
}

/** After a blob was deleted, which removes it from the repository even if manifests reference it. */
export function withoutBlob({ manifests, tags, leases }: Repository, blob: string): Repository {
  const others = [...manifests].map(
    ([digest, blobs]) => [digest, new Set([...blobs].filter((it) => it !== blob))] as const,
  );
  return { manifests: new Map(others), tags, leases: new Map([...leases, [blob, 0]]) };
}

/** After the repository was deleted with everything in it. */
export function emptied({ leases }: Repository): Repository {
  return { ...emptyRepository, leases: new Map([...leases.keys()].map((blob) => [blob, 0])) };
}

/** After the leases of blobs, by default all, have run out: they may be there or not. */
export function withoutLeases(repository: Repository, isMeant: (blob: string) => boolean = () => true): Repository {
  const leases = [...repository.leases].map(
    ([blob, until]) => [blob, isMeant(blob) ? Math.min(until, 1) : until] as const,
  );
  return { ...repository, leases: new Map(leases) };
}

/** Whether a manifest references the blob. */
export function isReferenced({ manifests }: Repository, blob: string): boolean {
  return [...manifests.values()].some((blobs) => blobs.has(blob));
}

/** Whether the blob must be there at a time: referenced, or leased. */
export function hasBlob(repository: Repository, blob: string, at: number): boolean {
  return (repository.leases.get(blob) ?? 0) > at || isReferenced(repository, blob);
}

/** Whether a blob may be there, or not, at a time. It may not when it was deleted; after its lease either is allowed. */
export function allowsBlob(repository: Repository, blob: string, isThere: boolean, at: number): boolean {
  if (hasBlob(repository, blob, at)) return isThere;
  return !isThere || repository.leases.get(blob) !== 0;
}

/** What a list of manifests and a list of tags show. */
export function listingOf({ manifests, tags }: Repository): Listing {
  return { manifests: new Set(manifests.keys()), tags };
}
