import { authorize } from '../services/policy/authorize.ts';
import type { OciRequest } from './route.ts';

/** `GET /v2/`: the entry point of every client's login (end-1). */
export async function getVersion({ c, services, caller }: OciRequest): Promise<Response> {
  await authorize(services, caller, 'registry:version_check');
  return c.body('{}', 200, { 'Content-Type': 'application/json', 'Content-Length': '2' });
}
