/** Where the page of a repository is. */
export function repositoryPath(name: string): string {
  return encodeURI(`/repositories/${name}`);
}

/** Where the page of a manifest is. */
export function manifestPath(repository: string, digest: string): string {
  return encodeURI(`/repositories/${repository}/manifests/${digest}`);
}

/** Where the page of a tag is. */
export function tagPath(repository: string, tag: string): string {
  return encodeURI(`/repositories/${repository}:${tag}`);
}
