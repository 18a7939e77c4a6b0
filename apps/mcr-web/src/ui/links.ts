/** Path of a repository's page. */
export function repositoryPath(name: string): string {
  return encodeURI(`/repositories/${name}`);
}

/** Path of a manifest's page. */
export function manifestPath(repository: string, digest: string): string {
  return encodeURI(`/repositories/${repository}/manifests/${digest}`);
}

/** Path of a tag's page. */
export function tagPath(repository: string, tag: string): string {
  return encodeURI(`/repositories/${repository}:${tag}`);
}
