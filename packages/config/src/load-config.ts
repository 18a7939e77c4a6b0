import { join } from 'node:path';
import { checkDatabase, withDatabaseUrl } from './checks/database.ts';
import { checkReadable } from './checks/files.ts';
import { checkListeners, checkWebListeners } from './checks/listeners.ts';
import { checkPermissions } from './checks/permissions.ts';
import { checkIdentity, checkWebCertificate } from './checks/required.ts';
import { checkSameDevice } from './checks/storage.ts';
import { checkTokens } from './checks/tokens.ts';
import { checkWorkers } from './checks/workers.ts';
import { checkWorkloads } from './checks/workloads.ts';
import { readNamed } from './read-named.ts';
import { type ConfigInput, readSources } from './read-sources.ts';
import { assertUsable, type PartialConfig, readValues } from './read-values.ts';
import type { Config, Sections } from './schema/config.ts';
import { sectionNames } from './schema/keys.ts';

/**
 * Reads the configuration of mcrsrv: the file, overridden by `MCR_<SECTION>_<KEY>` variables.
 * @throws ConfigError with all problems
 */
export function loadConfig(input: ConfigInput): Config {
  const sources = readSources(input);
  const values = readValues(sources, sectionNames);
  const { workloads, problems } = readNamed(sources);
  const database = withDatabaseUrl(values.config);
  const config = { ...withUploadsPath(database.config), workloads };
  const reported = new Set(values.problems.map(({ key }) => key));
  assertUsable<keyof Sections>(config, [
    ...sources.problems,
    ...values.problems,
    ...problems,
    ...database.problems,
    ...checkWorkloads(workloads),
    ...checkDatabase(values.config, reported),
    ...checkIdentity(config, reported),
    ...checkWebCertificate(config.web, reported),
    ...checkListeners(config),
    ...checkWebListeners(config),
    ...checkSameDevice(config.storage),
    ...checkTokens(config.tokens, reported),
    ...checkWorkers(config),
    ...checkReadable({
      'server.tls_cert': config.server.tlsCert,
      'server.tls_key': config.server.tlsKey,
      'mcias.ca_cert': config.mcias.caCert,
      'database.ca_cert': config.database.caCert,
      ...Object.fromEntries(workloads.map(({ name, caCert }) => [`workload.${name}.ca_cert`, caCert])),
    }),
    ...checkPermissions({ ...config, web: {} }, input.path).problems,
  ]);
  return config;
}

/** By default uploads are stored next to the layers. */
function withUploadsPath(config: PartialConfig): PartialConfig {
  const { layersPath, uploadsPath } = config.storage;
  if (layersPath === undefined || uploadsPath !== undefined) return config;
  return { ...config, storage: { ...config.storage, uploadsPath: join(layersPath, '..', 'uploads') } };
}
