import type { TestRegistry } from '@mcr/testkit';

/** One line of the server's request log. */
export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** Bytes of the response's body. */
  readonly bytesOut: number;
}

/** The requests that the server has logged since it last started, without those that were not about `repository`. */
export function requestsTo(registry: TestRegistry, repository: string): readonly LoggedRequest[] {
  return registry
    .log()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line))
    .filter(({ path }) => typeof path === 'string' && path.startsWith(`/v2/${repository}/`));
}

/** How the blobs of a repository came in: how many were mounted from another one, how many uploaded. */
export function blobTraffic(registry: TestRegistry, repository: string): { mounted: number; uploaded: number } {
  const requests = requestsTo(registry, repository).filter(({ path }) => path.includes('/blobs/uploads/'));
  const count = (method: string): number =>
    requests.filter((request) => request.method === method && request.status === 201).length;
  return { mounted: count('POST'), uploaded: count('PUT') };
}
