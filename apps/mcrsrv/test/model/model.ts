import type { Digest, RepositoryName, Tag } from '@mcr/core';

/** What one repository holds. */
interface RepositoryModel {
  /** Blobs that a manifest references, by the manifest's digest. */
  readonly manifests: ReadonlyMap<Digest, ReadonlySet<Digest>>;
  readonly tags: ReadonlyMap<Tag, Digest>;
  /** Until when a blob is leased to the repository, whether or not a manifest references it. */
  readonly leases: ReadonlyMap<Digest, number>;
}

/** A registry as far as clients can tell: pure, and small enough to be obviously right. */
export class Model {
  readonly #repositories: ReadonlyMap<RepositoryName, RepositoryModel>;
  readonly #grace: number;

  constructor(grace: number, repositories: ReadonlyMap<RepositoryName, RepositoryModel> = new Map()) {
    this.#grace = grace;
    this.#repositories = repositories;
  }

  /** Whether a blob is in a repository: referenced, or leased. */
  has(repository: RepositoryName, blob: Digest, now: number): boolean {
    const { manifests, leases } = this.#get(repository);
    return (leases.get(blob) ?? 0) > now || [...manifests.values()].some((blobs) => blobs.has(blob));
  }

  manifestsOf(repository: RepositoryName): readonly Digest[] {
    return [...this.#get(repository).manifests.keys()].sort();
  }

  tagsOf(repository: RepositoryName): ReadonlyMap<Tag, Digest> {
    return this.#get(repository).tags;
  }

  /** After an upload or a mount. */
  lease(repository: RepositoryName, blob: Digest, now: number): Model {
    const held = this.#get(repository);
    const until = Math.max(held.leases.get(blob) ?? 0, now + this.#grace);
    return this.#with(repository, { ...held, leases: new Map([...held.leases, [blob, until]]) });
  }

  /** After a HEAD, which extends a lease of which less than half is left. */
  claim(repository: RepositoryName, blob: Digest, now: number): Model {
    const left = (this.#get(repository).leases.get(blob) ?? 0) - now;
    const isEnough = left * 2 >= this.#grace;
    return this.has(repository, blob, now) && !isEnough ? this.lease(repository, blob, now) : this;
  }

  /** After a manifest was pushed, and its tags set to it. */
  push(repository: RepositoryName, digest: Digest, blobs: readonly Digest[], tag?: Tag): Model {
    const held = this.#get(repository);
    const references = new Set([...(held.manifests.get(digest) ?? []), ...blobs]);
    return this.#with(repository, {
      ...held,
      manifests: new Map([...held.manifests, [digest, references]]),
      tags: tag === undefined ? held.tags : new Map([...held.tags, [tag, digest]]),
    });
  }

  deleteManifest(repository: RepositoryName, digest: Digest): Model {
    const held = this.#get(repository);
    return this.#with(repository, {
      ...held,
      manifests: new Map([...held.manifests].filter(([other]) => other !== digest)),
      tags: new Map([...held.tags].filter(([, target]) => target !== digest)),
    });
  }

  deleteTag(repository: RepositoryName, tag: Tag): Model {
    const held = this.#get(repository);
    return this.#with(repository, { ...held, tags: new Map([...held.tags].filter(([other]) => other !== tag)) });
  }

  /** Deleting a blob takes it out of the repository, also where manifests name it. */
  deleteBlob(repository: RepositoryName, blob: Digest): Model {
    const { manifests, tags, leases } = this.#get(repository);
    const rest = [...manifests].map(([digest, blobs]): [Digest, ReadonlySet<Digest>] => [
      digest,
      new Set([...blobs].filter((other) => other !== blob)),
    ]);
    return this.#with(repository, {
      manifests: new Map(rest),
      tags,
      leases: new Map([...leases].filter(([other]) => other !== blob)),
    });
  }

  deleteTags(repository: RepositoryName, tags: readonly Tag[]): Model {
    return tags.reduce<Model>((model, tag) => model.deleteTag(repository, tag), this);
  }

  /** Deleting a repository takes everything out of it. */
  deleteRepository(repository: RepositoryName): Model {
    return new Model(this.#grace, new Map([...this.#repositories].filter(([name]) => name !== repository)));
  }

  #get(repository: RepositoryName): RepositoryModel {
    return this.#repositories.get(repository) ?? { manifests: new Map(), tags: new Map(), leases: new Map() };
  }

  #with(name: RepositoryName, repository: RepositoryModel): Model {
    return new Model(this.#grace, new Map([...this.#repositories, [name, repository]]));
  }
}
