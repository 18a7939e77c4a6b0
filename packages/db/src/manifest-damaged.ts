import { type Digest, RegistryError, type RepositoryName } from '@mcr/core';
import type { ManifestName } from './facets/manifests.ts';

/** The content on record of a manifest is not what was pushed. To clients it is unknown, until it is pushed again. */
export class ManifestDamaged extends RegistryError implements ManifestName {
  readonly repository: RepositoryName;
  readonly digest: Digest;
  /** Whether that was known; else it was found just now. */
  readonly quarantined: boolean;

  constructor({ repository, digest }: ManifestName, quarantined: boolean) {
    const message = 'The manifest is damaged in the registry, and out of service until it is pushed again';
    super('MANIFEST_UNKNOWN', message, { detail: { digest } });
    this.repository = repository;
    this.digest = digest;
    this.quarantined = quarantined;
  }
}
