import type { Validation } from '@mcr/auth';
import type { RepositoryName } from '@mcr/core';
import type { Versions } from '../services/manifests/get.ts';

/** Repositories that are remembered for a caller. Each has cost a pull by the ordinary path, and ends with the validation of its token. */
const maxRepositories = 256;

/** Where callers may pull whose requests rely on one validation of a token. */
export interface Rights {
  readonly repositories: Set<RepositoryName>;
  readonly versions: Versions;
}

/** Where callers may pull, by the validations of their tokens. */
export class PullRights {
  readonly #rights = new WeakMap<Validation, Rights>();

  /** The rights of a validation under these versions; new ones, without a repository, where there are none or too many. */
  of(validation: Validation, versions: Versions): Rights {
    const known = this.#rights.get(validation);
    const isFull = known !== undefined && known.repositories.size >= maxRepositories;
    if (known !== undefined && isSameVersion(known.versions, versions) && !isFull) return known;
    const rights = { repositories: new Set<RepositoryName>(), versions };
    this.#rights.set(validation, rights);
    return rights;
  }
}

/** Whether accounts and policy are the same. */
export function isSameVersion(one: Versions, other: Versions): boolean {
  return one.accounts === other.accounts && one.policy === other.policy;
}
