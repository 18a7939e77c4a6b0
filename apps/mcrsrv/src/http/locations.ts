import type { Digest, RepositoryName, UploadPosition } from '@mcr/core';

type Headers = Readonly<Record<string, string>>;

/**
 * The headers that say where something is. `Location` (RFC 9110 section 10.2.2) is an absolute URL below
 * `server.public_url` where that is set, a path otherwise: some clients cannot resolve a path, and a path is right behind
 * every proxy, whatever it calls the registry.
 */
export class Locations {
  readonly #origin: string;

  constructor(publicUrl: string | undefined) {
    this.#origin = publicUrl ?? '';
  }

  /** Where to send the rest of an upload: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-a-blob-in-chunks */
  upload({ repository, id, offset }: UploadPosition): Headers {
    return {
      Location: `${this.#origin}/v2/${repository}/blobs/uploads/${id}`,
      // The grammar has no form for "nothing yet"; 0-0 is what all clients know.
      Range: `0-${Math.max(0, offset - 1)}`,
      'Docker-Upload-UUID': id,
    };
  }

  /** Where to pull a blob that was pushed. */
  blob(repository: RepositoryName, digest: Digest): Headers {
    return { Location: `${this.#origin}/v2/${repository}/blobs/${digest}`, 'Docker-Content-Digest': digest };
  }

  /** Where to pull a manifest that was pushed. */
  manifest(repository: RepositoryName, digest: Digest): Headers {
    return { Location: `${this.#origin}/v2/${repository}/manifests/${digest}`, 'Docker-Content-Digest': digest };
  }
}
