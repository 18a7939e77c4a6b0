import type { ConfigProblem } from '../errors.ts';
import type { WebSection } from '../schema/config.ts';

/** A certificate is of no use without its key. */
export function checkWebCertificate(web: Partial<WebSection>, reported: ReadonlySet<string>): ConfigProblem[] {
  const key = web.tlsCert && !web.tlsKey ? 'web.tls_key' : !web.tlsCert && web.tlsKey ? 'web.tls_cert' : undefined;
  if (!key || reported.has(key)) return [];
  return [{ key, message: 'is required; set both web.tls_cert and web.tls_key, or neither for plain HTTP' }];
}
