import type { ConfigProblem } from '../errors.ts';
import type { PartialConfig } from '../read-values.ts';

/** MCIAS cannot be asked without its address. */
export function checkIdentity({ auth, mcias }: PartialConfig, reported: ReadonlySet<string>): ConfigProblem[] {
  if (auth.provider !== 'mcias' || mcias.serverUrl || reported.has('mcias.server_url')) return [];
  const message = 'is required; set it (or MCR_MCIAS_SERVER_URL), or set auth.provider = "local" to keep accounts here';
  return [{ key: 'mcias.server_url', message }];
}
