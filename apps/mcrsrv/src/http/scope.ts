import { isRepositoryName } from '@mcr/core';

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
