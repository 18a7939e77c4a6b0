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

/** The page that compares a tag or digest with the version before it. */
export function comparePath(repository: string, reference: string): string {
  return `${encodeURI(`/compare/${repository}`)}?${new URLSearchParams({ b: reference }).toString()}`;
}

/** The page of a file of a manifest. */
export function filePath(repository: string, manifest: string, blob: string): string {
  return encodeURI(`/files/${repository}/${manifest}/${blob}`);
}

/** Where that file is downloaded. */
export function downloadPath(repository: string, manifest: string, blob: string): string {
  return encodeURI(`/download/${repository}/${manifest}/${blob}`);
}

/** A question of the page of policies. */
interface Asked {
  /** Name of the account; empty for a caller that is described by its type and roles alone. */
  readonly who: string;
  readonly action: string;
  /** Empty for actions that concern none. */
  readonly repository: string;
  readonly accountType?: string;
}

/** The page that explains what rules decide, with its fields filled in. */
export function explainPath({ who, action, repository, accountType = '' }: Asked): string {
  const fields = { who, action, repository, account_type: accountType };
  const query = new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== ''));
  return `/policies?${query.toString()}#explain`;
}

/** The audit log of who pulled from a repository; of one tag or digest, if it is given. */
export function pullersPath(repository: string, reference = ''): string {
  const fields = { type: 'manifest_pulled', repository, reference };
  const query = new URLSearchParams(Object.entries(fields).filter(([, value]) => value !== ''));
  return `/audit?${query.toString()}`;
}

/** The form of a new rule for those who work in some repositories, with what they need checked. */
export function newRulePath(repositories: string): string {
  const actions = ['registry:pull', 'registry:push'].map((action): [string, string] => ['action', action]);
  return `/policies/new?${new URLSearchParams([...actions, ['repositories', repositories]]).toString()}`;
}
