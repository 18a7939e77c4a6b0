import { join } from 'node:path';
import { checkReadable } from './checks/files.ts';
import { checkIdentity } from './checks/identity.ts';
import { checkSameDevice } from './checks/storage.ts';
import { checkWebCertificate } from './checks/web.ts';
import { ConfigError } from './errors.ts';
import { type ConfigInput, readSources } from './read-sources.ts';
import { readValues } from './read-values.ts';
import type { Config } from './schema/config.ts';
import { sectionNames } from './schema/keys.ts';

/**
 * Reads the configuration of mcrsrv: the file, overridden by `MCR_<SECTION>_<KEY>` variables.
 * @throws ConfigError with everything that is wrong
 */
export function loadConfig(input: ConfigInput): Config {
  const { sources, problems: sourceProblems } = readSources(input);
  const { config, problems: valueProblems } = readValues(sources, sectionNames);
  const { server, storage, mcias } = config;
  const reported = new Set(valueProblems.map(({ key }) => key));
  const uploadsPath = storage.uploadsPath ?? uploadsBeside(storage.layersPath);
  const problems = [
    ...sourceProblems,
    ...valueProblems,
    ...checkIdentity(config, reported),
    ...checkReadable({
      'server.tls_cert': server.tlsCert,
      'server.tls_key': server.tlsKey,
      'mcias.ca_cert': mcias.caCert,
    }),
    ...(storage.layersPath && uploadsPath ? checkSameDevice(storage.layersPath, uploadsPath) : []),
    ...checkWebCertificate(config.web, reported),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  return { ...config, storage: { ...storage, uploadsPath } } as Config;
}

function uploadsBeside(layersPath: string | undefined): string | undefined {
  return layersPath === undefined ? undefined : join(layersPath, '..', 'uploads');
}
