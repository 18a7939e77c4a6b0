import type { Digest, RepositoryName } from '@mcr/core';

/**
 * The values of `Location` (RFC 9110 section 10.2.2): absolute URLs below `server.public_url` where that is set, paths
 * otherwise. Some clients cannot resolve a path; a path is right behind every proxy, whatever it calls the registry.
 */
export class Locations {
  readonly #origin: string;

  constructor(publicUrl: string | undefined) {
    this.#origin = publicUrl ?? '';
  }

  /** Where to send the rest of an upload (distribution-spec, "Pushing a blob in chunks"). */
  upload(repository: RepositoryName, id: string): string {
    return `${this.#origin}/v2/${repository}/blobs/uploads/${id}`;
  }

  /** Where to pull a blob. */
  blob(repository: RepositoryName, digest: Digest): string {
    return `${this.#origin}/v2/${repository}/blobs/${digest}`;
  }

  /** Where to pull a manifest. */
  manifest(repository: RepositoryName, digest: Digest): string {
    return `${this.#origin}/v2/${repository}/manifests/${digest}`;
  }
}
