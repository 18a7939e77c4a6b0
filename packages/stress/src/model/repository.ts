/** What a manifest references, by digest. */
export interface References {
  readonly blobs: readonly string[];
  /** The manifests that an index lists, and the subject that a referrer has, whether or not they are there. */
  readonly children?: readonly string[];
  readonly subject?: string | undefined;
}

/** What one repository holds. It never changes: what happens to a repository makes another one of it. */
export interface Repository {
  /** By the digest of a manifest. */
  readonly manifests: ReadonlyMap<string, References>;
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
  references: References,
  ...moved: readonly string[]
): Repository {
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

/** After tags were deleted, and, unless they are kept, the manifests that go with their last tag. */
export function withoutTags(repository: Repository, deleted: readonly string[], keepManifests = true): Repository {
  const tags = new Map([...repository.tags].filter(([name]) => !deleted.includes(name)));
  if (keepManifests) return { ...repository, tags };
  const gone = goingWith(repository, new Set(deleted.map((name) => repository.tags.get(name))), new Set(tags.values()));
  const manifests = new Map([...repository.manifests].filter(([digest]) => !gone.has(digest)));
  return { ...repository, manifests, tags };
}

/**
 * The manifests that lost a tag, what they list, and what refers to them, again and again, but for those that have a tag
 * or are listed by an index that stays.
 */
function goingWith(
  { manifests }: Repository,
  untagged: ReadonlySet<string | undefined>,
  tagged: ReadonlySet<string>,
): ReadonlySet<string> {
  const gone = new Set<string>();
  const listing = (digest: string) => [...manifests].filter(([, { children }]) => children?.includes(digest));
  const goes = ([digest, { subject }]: [string, References]) => {
    if (gone.has(digest) || tagged.has(digest)) return false;
    const parents = listing(digest).map(([parent]) => parent);
    const isReached = untagged.has(digest) || parents.length > 0 || gone.has(subject ?? '');
    return isReached && parents.every((parent) => gone.has(parent));
  };
  for (let next = [...manifests].find(goes); next !== undefined; next = [...manifests].find(goes)) gone.add(next[0]);
  return gone;
}

/** After the registry has confirmed a blob, which is then kept until a time at least. */
export function withLease(repository: Repository, blob: string, until: number): Repository {
  const latest = Math.max(until, repository.leases.get(blob) ?? 0);
  return { ...repository, leases: new Map([...repository.leases, [blob, latest]]) };
}

/** After a blob was deleted, which removes it from the repository even if manifests reference it. */
export function withoutBlob({ manifests, tags, leases }: Repository, blob: string): Repository {
  const others = [...manifests].map(
    ([digest, references]) => [digest, { ...references, blobs: references.blobs.filter((it) => it !== blob) }] as const,
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
  return [...manifests.values()].some(({ blobs }) => blobs.includes(blob));
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
