import type { ConfigProblem } from '../errors.ts';
import type { PartialConfig } from '../read-values.ts';
import type { WebSection } from '../schema/config.ts';

/** MCIAS requires an address. */
export function checkIdentity({ auth, mcias }: PartialConfig, reported: ReadonlySet<string>): ConfigProblem[] {
  if (auth.provider !== 'mcias' || mcias.serverUrl || reported.has('mcias.server_url')) return [];
  const message = 'is required; set it (or MCR_MCIAS_SERVER_URL), or set auth.provider = "local" to use local accounts';
  return [{ key: 'mcias.server_url', message }];
}

/** A certificate needs its key, and a key its certificate. */
export function checkWebCertificate(web: Partial<WebSection>, reported: ReadonlySet<string>): ConfigProblem[] {
  const key = web.tlsCert && !web.tlsKey ? 'web.tls_key' : !web.tlsCert && web.tlsKey ? 'web.tls_cert' : undefined;
  if (!key || reported.has(key)) return [];
  return [{ key, message: 'is required; set both web.tls_cert and web.tls_key, or neither for plain HTTP' }];
}
