import type { RestClient } from '../../rest/client.ts';

/** The server is up. */
export interface Health {
  readonly status: 'ok';
  readonly version: string;
  readonly commit?: string;
}

/** Whether the server can work, part by part; `ok` is good. */
export interface Readiness {
  readonly status: string;
  readonly checks: Readonly<Record<string, string>>;
}

/** How much is stored. */
export interface Counts {
  readonly repositories: number;
  readonly manifests: number;
  readonly tags: number;
  readonly blobs: number;
  readonly uploads: number;
  readonly blob_bytes: number;
}

const to = 'read the status';

/** `GET /v1/health`. */
export function getHealth(rest: RestClient): Promise<Health> {
  return rest.send({ path: '/v1/health', to, open: true, shape: { version: 'text' } });
}

/** `GET /v1/ready`, which is 503 when a part does not answer. */
export function getReadiness(rest: RestClient): Promise<Readiness> {
  return rest.send({ path: '/v1/ready', to, open: true, accept: [503], shape: { status: 'text', checks: 'object' } });
}

/** `GET /v1/statistics`. Admin only. */
export function getCounts(rest: RestClient): Promise<Counts> {
  return rest.send({ path: '/v1/statistics', to: 'count what is stored', shape: { blob_bytes: 'number' } });
}

/** Whether the token is an admin's; asking for counts without that would be audited as a denial. */
export async function isAdmin(rest: RestClient): Promise<boolean> {
  const { roles } = await rest.send<{ readonly roles: readonly string[] }>({
    path: '/v1/auth/whoami',
    to: 'ask who this is',
    shape: { roles: 'texts' },
  });
  return roles.includes('admin');
}
