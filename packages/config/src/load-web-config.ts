import { checkReadable } from './checks/files.ts';
import { checkWebListeners } from './checks/listeners.ts';
import { checkPermissions } from './checks/permissions.ts';
import { checkWebCertificate } from './checks/required.ts';
import { type ConfigInput, readSources } from './read-sources.ts';
import { assertUsable, readValues } from './read-values.ts';
import type { WebConfig } from './schema/config.ts';

/**
 * Reads the part of the same file that mcr-web needs: `[limits]`, `[web]` and `[log]`. Other sections may lack required keys, but may not
 * have unknown ones.
 * @throws ConfigError with all problems
 */
export function loadWebConfig(input: ConfigInput): WebConfig {
  const sources = readSources(input);
  const { config, problems } = readValues(sources, ['limits', 'web', 'log']);
  assertUsable<keyof WebConfig>(config, [
    ...sources.problems,
    ...problems,
    ...checkWebCertificate(config.web, new Set(problems.map(({ key }) => key))),
    ...checkWebListeners(config),
    ...checkReadable({
      'web.ca_cert': config.web.caCert,
      'web.tls_cert': config.web.tlsCert,
      'web.tls_key': config.web.tlsKey,
    }),
    ...checkPermissions({ web: config.web }, input.path).problems,
  ]);
  return { limits: config.limits, web: config.web, log: config.log };
}
