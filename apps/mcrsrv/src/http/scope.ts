import { isRepositoryName } from '@mcr/core';

const below = /^\/v2\/(.+)\/(?:manifests|blobs|tags|referrers)\//;

/** The scope that a request needs, as token services spell it; `undefined` where no repository is concerned. */
export function requestedScope(method: string, path: string): string | undefined {
  if (path === '/v2/_catalog') return 'registry:catalog:*';
  const name = below.exec(path)?.[1]?.replace(/\/blobs$/, '');
  if (name === undefined || !isRepositoryName(name)) return undefined;
  return `repository:${name}:${actionsFor(method, path)}`;
}

function actionsFor(method: string, path: string): string {
  if (method === 'GET' || method === 'HEAD') return path.includes('/blobs/uploads/') ? 'pull,push' : 'pull';
  return method === 'DELETE' && !path.includes('/blobs/uploads/') ? 'delete' : 'pull,push';
}
