export { onAbruptEnd } from './abrupt-end.ts';
export { type Backend, type Balancer, startBalancer } from './balancer.ts';
export { blobOf, descriptorOf, openBlob, readBlob, type TestBlob, type TestDescriptor } from './blobs.ts';
export { type Buildah, createBuildah } from './clients/buildah.ts';
export type { ClientOptions } from './clients/client-environment.ts';
export { type Ctr, startCtr } from './clients/ctr.ts';
export { type Docker, startDocker } from './clients/docker.ts';
export { externalAddress, requireExternalAddress } from './clients/external-address.ts';
export { createHelm, type Helm } from './clients/helm.ts';
export { startPartialPodman } from './clients/partial-podman.ts';
export { createPodman, type Podman } from './clients/podman.ts';
export { type ClientName, isPresent, requireClient } from './clients/presence.ts';
export { createSkopeo, type Skopeo } from './clients/skopeo.ts';
export { accessOf, addWorkflow, company, pushForTeams, teams, type Workflow } from './company.ts';
export { type FakeIssuer, githubClaims, kubernetesClaims, startFakeIssuer } from './fake-issuer.ts';
export {
  type FakeMcias,
  type FakeMciasOptions,
  type MciasAccount,
  type MciasEndpoint,
  type MciasFault,
  type MciasResponse,
  startFakeMcias,
} from './fake-mcias.ts';
export { type Link, startToxiproxy, type Toxiproxy } from './faults/toxiproxy.ts';
export { freePort } from './free-port.ts';
export { findGoProgram, type GoProgram, requireGoProgram } from './go-programs.ts';
export {
  buildArtifact,
  buildImage,
  buildIndex,
  buildMultiPlatformIndex,
  defaultPlatform,
  type ImageOptions,
  type Platform,
  type TestImage,
  type TestIndex,
  type TestManifest,
} from './images.ts';
export type { LayerSource, SeededLayer } from './layers.ts';
export { createOciClient, type OciClient } from './oci-client/client.ts';
export { pushImage } from './oci-client/push-image.ts';
export type { Credentials, TokenResponse } from './oci-client/token.ts';
export type { OciResponse, OpenResponse, RequestBody, RequestInit, TransportOptions } from './oci-client/transport.ts';
export { locationOf, type UploadMode } from './oci-client/uploads.ts';
export { layoutPath, writeOciLayout } from './oci-layout.ts';
export { createDatabase, databasePool, sharedPostgres, type TestDatabase } from './postgres/databases.ts';
export { type PostgresVersion, requirePostgres } from './postgres/installations.ts';
export { type PostgresOptions, type PostgresServer, startPostgres } from './postgres/server.ts';
export {
  type BackgroundProcess,
  type ProcessOptions,
  type ProcessResult,
  run,
  runOk,
  startProcess,
} from './processes.ts';
export { visitProvider } from './provider-visit.ts';
export { seededBytes, seededChunks } from './random-bytes.ts';
export { requireS3Server, type S3ServerName } from './s3/presence.ts';
export { type S3Server, type S3ServerOptions, sharedS3Server, startS3Server } from './s3/servers.ts';
export { leaksIn } from './server/leaks.ts';
export { memoryOf, type ProcessMemory } from './server/memory.ts';
export { type Replica, type Replicas, type ReplicasOptions, startReplicas } from './server/replicas.ts';
export {
  type AccountOptions,
  defaultBundle,
  type RegistryOptions,
  startRegistry,
  type TestRegistry,
} from './server/server.ts';
export { type SharedStores, startSharedStores, storesEnv } from './server/shared-stores.ts';
export { startWorkers, type WorkerPid, type WorkersRegistry, workersOf } from './server/workers.ts';
export { type OidcProvider, startOidcProvider } from './start-oidc-provider.ts';
export { blobFile, pieceFile } from './stored-files.ts';
export { type TempDirectory, tempDirectory } from './temp.ts';
export { createTestCa, type IssuedCertificate, type IssueOptions, type TestCa } from './tls.ts';
export {
  flag,
  frame,
  frameType,
  headerBlock,
  noTable,
  preface,
  prefixed,
  settings,
} from './wire/frames.ts';
export { RawConnection, type RawResponse, rawGet } from './wire/raw-connection.ts';
export { type RawFrame, RawHttp2 } from './wire/raw-http2.ts';
export { startTcpRelay, type TcpRelay } from './wire/tcp-relay.ts';
export { requireZitadel, startZitadelProvider } from './zitadel-provider.ts';
