import { isRepositoryName } from '@mcr/core';
/** What a 401 asks for. */
export interface Challenge {
  /** Absolute URL of the token endpoint: most clients cannot resolve a relative one. */
  readonly realm: string;
  readonly service: string;
  /** `repository:NAME:ACTIONS`; absent where no repository is concerned. */
  readonly scope?: string;
  readonly error?: 'invalid_token' | 'insufficient_scope';
}

/** The value of WWW-Authenticate: one Bearer challenge, its parameters quoted and in the order that clients expect. */
export function formatChallenge({ realm, service, scope, error }: Challenge): string {
  const parameters = [`realm="${realm}"`, `service="${service}"`];
  if (scope !== undefined) parameters.push(`scope="${scope}"`);
  if (error !== undefined) parameters.push(`error="${error}"`);
  return `Bearer ${parameters.join(',')}`;
}

/** The last keyword ends the name, as in routing. */
const repository = /^\/v2\/(.+)\/(?:manifests|blobs|tags|referrers)\//;
const upload = /\/blobs\/uploads\/[^/]*$/;

/** The scope that a request needs, as token services spell it; `undefined` where no repository is concerned. */
export function requestedScope(method: string, path: string): string | undefined {
  if (path === '/v2/_catalog') return 'registry:catalog:*';
  const name = repository.exec(path)?.[1];
  if (name === undefined || !isRepositoryName(name)) return undefined;
  return `repository:${name}:${actionsFor(method, upload.test(path))}`;
}

function actionsFor(method: string, isUpload: boolean): string {
  if (isUpload) return 'pull,push';
  if (method === 'GET' || method === 'HEAD') return 'pull';
  return method === 'DELETE' ? 'delete' : 'pull,push';
}
