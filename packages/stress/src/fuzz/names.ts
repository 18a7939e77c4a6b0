/** The registry with all its ports, or its web UI. */
export type Surface = 'registry' | 'web';

/** What inputs may name: all of it exists, none of it matters to the well-formed requests in between. */
export interface Names {
  /** What the inputs are for. */
  readonly surface: Surface;
  /** Host and port, as they stand in Host headers. */
  readonly host: string;
  readonly tokens: {
    readonly admin: string;
    readonly user: string;
    /** For logging out. */
    readonly spare: string;
  };
  /** Repositories, the first of them with content. */
  readonly repositories: readonly string[];
  /** Digests of manifests and blobs in the first repository. */
  readonly manifests: readonly string[];
  readonly blobs: readonly string[];
  readonly tags: readonly string[];
  /** Paths of open upload sessions. */
  readonly uploads: readonly string[];
  /** UUID of an account that may be deleted. */
  readonly account: string;
  /** A manifest that can be pushed to the first repository. */
  readonly manifest: { readonly mediaType: string; readonly content: Buffer };
}
