/** What a repository shows: its manifests by digest, and where its tags point. */
export interface RepositoryState {
  readonly manifests: ReadonlySet<string>;
  readonly tags: ReadonlyMap<string, string>;
}

/** A repository that nothing was pushed to. */
export const emptyRepository: RepositoryState = { manifests: new Set(), tags: new Map() };

/** The state after a manifest was pushed, and the tag, if there is one, moved to it. */
export function withManifest({ manifests, tags }: RepositoryState, digest: string, tag?: string): RepositoryState {
  return {
    manifests: new Set([...manifests, digest]),
    tags: tag === undefined ? tags : new Map([...tags, [tag, digest]]),
  };
}

/** The state after a manifest was deleted, which takes its tags along. */
export function withoutManifest({ manifests, tags }: RepositoryState, digest: string): RepositoryState {
  return {
    manifests: new Set([...manifests].filter((other) => other !== digest)),
    tags: new Map([...tags].filter(([, target]) => target !== digest)),
  };
}

/** The state after tags were deleted, and, unless they are kept, the manifests that lose their last tag by that. */
export function withoutTags(
  { manifests, tags }: RepositoryState,
  deleted: readonly string[],
  keepManifests: boolean,
): RepositoryState {
  const left = new Map([...tags].filter(([name]) => !deleted.includes(name)));
  const targets = new Set(left.values());
  const untagged = new Set(deleted.map((name) => tags.get(name)).filter((digest) => !targets.has(digest ?? '')));
  return { manifests: new Set([...manifests].filter((digest) => keepManifests || !untagged.has(digest))), tags: left };
}

/** The state after a tag was deleted. */
export function withoutTag({ manifests, tags }: RepositoryState, tag: string): RepositoryState {
  return { manifests, tags: new Map([...tags].filter(([name]) => name !== tag)) };
}
