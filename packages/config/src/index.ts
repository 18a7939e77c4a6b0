export { type Address, formatAddress } from './addresses.ts';
export { webListenerWarnings } from './checks/listeners.ts';
export { checkPermissions } from './checks/permissions.ts';
export { workersOf, workerWarnings } from './checks/workers.ts';
export type { Environment } from './env.ts';
export { ConfigError, type ConfigProblem } from './errors.ts';
export { explain as explainFileError } from './explain.ts';
export { loadConfig } from './load-config.ts';
export { loadWebConfig } from './load-web-config.ts';
export type { ConfigInput } from './read-sources.ts';
export type { ClaimCondition } from './schema/claims.ts';
export type {
  AuthSection,
  Config,
  DatabaseSection,
  GcSection,
  LogSection,
  MciasSection,
  S3Section,
  ServerSection,
  SnapshotsSection,
  StorageSection,
  TokensSection,
  WebConfig,
  WebSection,
} from './schema/config.ts';
export type { OidcSection, RoleMapping } from './schema/oidc.ts';
export type { WorkloadSection } from './schema/workload.ts';
export { parseSize, type Share } from './sizes.ts';
export {
  type CertificatePair,
  type PairFiles,
  readCertificatePair,
  validityProblem,
} from './start/certificate-pair.ts';
export { directoryProblems } from './start/directories.ts';
export { listenError } from './start/listen-error.ts';
export { StartError } from './start/start-error.ts';
