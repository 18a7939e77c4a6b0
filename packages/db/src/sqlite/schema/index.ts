export { accounts, policyRules, revokedTokens } from './accounts.ts';
export {
  activity,
  actorNames,
  /** @internal */
  auditBlocks,
  auditLog,
} from './audit.ts';
export {
  blobStore,
  /** @internal */
  changes,
  leases,
  versions,
} from './coordination.ts';
export { delegations } from './delegations.ts';
export {
  blobTrash,
  gcQueue,
  gcRuns,
  pendingGarbage,
  /** @internal */
  sharedBytes,
  storageSamples,
  /** @internal */
  sweptLocators,
} from './garbage.ts';
export { identities } from './identities.ts';
export {
  /** @internal */
  loginFailures,
} from './logins.ts';
export {
  damagedManifests,
  manifestBlobs,
  manifestChildren,
  manifestPulls,
  manifestSummaries,
  manifests,
  tags,
} from './manifests.ts';
export { blobLinks, blobs, repositories, totals, uploadPieces, uploads } from './registry.ts';
export { accessTokens, tokenOwners } from './tokens.ts';
