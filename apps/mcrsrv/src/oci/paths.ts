import type { RepositoryName } from '@mcr/core';

/** The path of a manifest behind that of its repository, for the router. */
export const manifestPath = 'manifests/:reference';
/** The path of a blob behind that of its repository, for the router. */
export const blobPath = 'blobs/:digest';

/** Both kinds of content have this form of path; the last keyword wins, and what is encoded is for the router to read. */
const form = /^\/v2\/([^?%]+)\/(manifests|blobs)\/([^/?%]+)$/;

/** What the path of a pull names. */
export interface PullTarget {
  readonly kind: 'manifests' | 'blobs';
  readonly repository: RepositoryName;
  /** A reference or a digest, unchecked. */
  readonly name: string;
}

/** Reads the path of a pull from one of these repositories, whose names need no check for that; `undefined` for any other. */
export function pullTarget(url: string, repositories: ReadonlySet<RepositoryName>): PullTarget | undefined {
  const [, repository, kind, name] = form.exec(url) ?? [];
  if (!isOf(repositories, repository) || kind === undefined || name === undefined) return undefined;
  return { kind: kind as PullTarget['kind'], repository, name };
}

function isOf(repositories: ReadonlySet<string>, name: string | undefined): name is RepositoryName {
  return name !== undefined && repositories.has(name);
}

/** The whole path of what is below a repository, for the router. */
export function belowRepository(rest: string): string {
  return `/v2/:name{.+}/${rest}`;
}
