import { checkReadable } from './checks/files.ts';
import { checkWebCertificate } from './checks/web.ts';
import { ConfigError } from './errors.ts';
import { type ConfigInput, readSources } from './read-sources.ts';
import { readValues } from './read-values.ts';
import type { WebConfig } from './schema/config.ts';

/**
 * Reads what mcr-web needs of the same file: `[web]` and `[log]`. Other sections may lack required keys, but not have
 * unknown ones.
 * @throws ConfigError with everything that is wrong
 */
export function loadWebConfig(input: ConfigInput): WebConfig {
  const { sources, problems: sourceProblems } = readSources(input);
  const { config, problems: valueProblems } = readValues(sources, ['web', 'log']);
  const { web, log } = config;
  const problems = [
    ...sourceProblems,
    ...valueProblems,
    ...checkWebCertificate(web, new Set(valueProblems.map(({ key }) => key))),
    ...checkReadable({ 'web.ca_cert': web.caCert, 'web.tls_cert': web.tlsCert, 'web.tls_key': web.tlsKey }),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  return { web, log } as WebConfig;
}
