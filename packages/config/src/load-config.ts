import { join } from 'node:path';
import { checkDatabase, withDatabaseUrl } from './checks/database.ts';
import { checkReadable } from './checks/files.ts';
import { checkListeners, checkWebListeners } from './checks/listeners.ts';
import { checkPermissions } from './checks/permissions.ts';
import { checkIdentity, checkWebCertificate } from './checks/required.ts';
import { checkS3 } from './checks/s3.ts';
import { checkLayers, checkSameDevice } from './checks/storage.ts';
import { checkTokens } from './checks/tokens.ts';
import { checkWorkers } from './checks/workers.ts';
import { checkWorkloads } from './checks/workloads.ts';
import { readNamed } from './read-named.ts';
import { type ConfigInput, readSources } from './read-sources.ts';
import { assertUsable, type PartialConfig, readValues } from './read-values.ts';
import type { Config, Sections } from './schema/config.ts';
import { sectionNames } from './schema/keys.ts';

/** By default bytes in S3 stay for so long after they are trash. */
const readsInFlightMs = 3_600_000;

/**
 * Reads the configuration of mcrsrv: the file, overridden by `MCR_<SECTION>_<KEY>` variables.
 * @throws ConfigError with all problems
 */
export function loadConfig(input: ConfigInput): Config {
  const sources = readSources(input);
  const values = readValues(sources, sectionNames);
  const { workloads, oidc, problems } = readNamed(sources);
  const database = withDatabaseUrl(values.config);
  const config = { ...withTrashRetention(withUploadsPath(database.config)), workloads, oidc };
  const reported = new Set(values.problems.map(({ key }) => key));
  assertUsable<keyof Sections>(config, [
    ...sources.problems,
    ...values.problems,
    ...problems,
    ...database.problems,
    ...checkWorkloads(workloads),
    ...checkLayers(config.storage, reported),
    ...checkDatabase(values.config, reported),
    ...checkS3(config, reported),
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
      ...Object.fromEntries(
        oidc.flatMap(({ name, caCert, clientSecretFile }) => [
          [`oidc.${name}.ca_cert`, caCert],
          [`oidc.${name}.client_secret_file`, clientSecretFile],
        ]),
      ),
      ...Object.fromEntries(workloads.map(({ name, caCert }) => [`workload.${name}.ca_cert`, caCert])),
      ...filesOfS3(config),
    }),
    ...checkPermissions({ ...config, web: {} }, input.path).problems,
  ]);
  return config;
}

/** Files that are of no use without the driver are not looked at. */
function filesOfS3({ storage, s3 }: PartialConfig): Record<string, string | undefined> {
  if (storage.driver !== 's3') return {};
  return {
    's3.access_key_file': s3.accessKeyFile,
    's3.secret_key_file': s3.secretKeyFile,
    's3.ca_cert': s3.caCert,
  };
}

/** In S3, reads of bytes that nothing refers to any more, and URLs of them, are still in use for a while. */
function withTrashRetention(config: PartialConfig): PartialConfig {
  const { redirect, redirectTtl = 0 } = config.s3;
  if (config.gc.trashRetention !== undefined) return config;
  const ofS3 = readsInFlightMs + (redirect ? redirectTtl : 0);
  return { ...config, gc: { ...config.gc, trashRetention: config.storage.driver === 's3' ? ofS3 : 0 } };
}

/** By default uploads are stored next to the layers. */
function withUploadsPath(config: PartialConfig): PartialConfig {
  const { layersPath, uploadsPath } = config.storage;
  if (layersPath === undefined || uploadsPath !== undefined || config.storage.driver !== 'disk') return config;
  return { ...config, storage: { ...config.storage, uploadsPath: join(layersPath, '..', 'uploads') } };
}
