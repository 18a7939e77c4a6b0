import { type Digest, digestOf, type RepositoryName } from '@mcr/core';
import { start } from './fixtures.ts';
import { type Action, blobsOf, lease } from './model-actions.ts';

interface ModelRepository {
  /** Blobs that each manifest still references. */
  readonly manifests: Map<string, Set<Digest>>;
  readonly leases: Map<Digest, number>;
  latest: string | undefined;
}

/** What a registry promises its clients, in maps. Garbage collection must not show in it at all. */
export class ModelRegistry {
  now = start;
  readonly #repositories = new Map<RepositoryName, ModelRepository>();

  isIn(name: RepositoryName, digest: Digest): boolean {
    const repository = this.#repositories.get(name);
    if (repository === undefined) return false;
    return (repository.leases.get(digest) ?? 0) > this.now || referenced(repository).has(digest);
  }

  /** Every blob that some manifest references. */
  referenced(): Set<Digest> {
    return new Set([...this.#repositories.values()].flatMap((repository) => [...referenced(repository)]));
  }

  /** Applies an action; whether it succeeds. */
  apply(action: Action): boolean {
    switch (action.do) {
      case 'publish':
        return this.#extend(action.repository, digestOf(action.blob));
      case 'claim':
        return this.isIn(action.repository, digestOf(action.blob)) && this.#claim(action.repository, action.blob);
      case 'mount':
        return this.isIn(action.from, digestOf(action.blob)) && this.#extend(action.repository, digestOf(action.blob));
      case 'push':
        return this.#push(action.repository, action.manifest);
      case 'deleteBlob':
        return this.isIn(action.repository, digestOf(action.blob)) && this.#dropBlob(action.repository, action.blob);
      case 'deleteManifest':
        return this.#deleteManifest(action.repository, action.manifest);
      case 'deleteTag':
        return this.#deleteTag(action.repository);
      case 'deleteRepository':
        return this.#repositories.delete(action.repository);
      case 'wait':
        this.now += action.time;
        return true;
      case 'review':
        return true;
    }
  }

  #ensure(name: RepositoryName): ModelRepository {
    const repository = this.#repositories.get(name) ?? { manifests: new Map(), leases: new Map(), latest: undefined };
    this.#repositories.set(name, repository);
    return repository;
  }

  #extend(name: RepositoryName, digest: Digest): true {
    this.#ensure(name).leases.set(digest, this.now + lease);
    return true;
  }

  #claim(name: RepositoryName, blob: string): true {
    const left = (this.#ensure(name).leases.get(digestOf(blob)) ?? 0) - this.now;
    return left >= lease / 2 || this.#extend(name, digestOf(blob));
  }

  #push(name: RepositoryName, manifest: string): boolean {
    const blobs = blobsOf(manifest);
    if (!blobs.every((digest) => this.isIn(name, digest))) return false;
    const repository = this.#ensure(name);
    repository.manifests.set(manifest, new Set(blobs));
    repository.latest = manifest;
    return true;
  }

  #dropBlob(name: RepositoryName, blob: string): true {
    const repository = this.#ensure(name);
    repository.leases.delete(digestOf(blob));
    for (const blobs of repository.manifests.values()) blobs.delete(digestOf(blob));
    return true;
  }

  #deleteManifest(name: RepositoryName, manifest: string): boolean {
    const repository = this.#repositories.get(name);
    if (repository?.latest === manifest) repository.latest = undefined;
    return repository?.manifests.delete(manifest) ?? false;
  }

  #deleteTag(name: RepositoryName): boolean {
    const repository = this.#repositories.get(name);
    if (repository?.latest === undefined) return false;
    repository.latest = undefined;
    return true;
  }
}

function referenced(repository: ModelRepository): Set<Digest> {
  return new Set([...repository.manifests.values()].flatMap((blobs) => [...blobs]));
}
