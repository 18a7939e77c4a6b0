export { accounts, revokedTokens } from './accounts.ts';
export {
  activity,
  actorNames,
  /** @internal */
  auditBlocks,
  auditLog,
} from './audit.ts';
export { blobLinks, blobs } from './blobs.ts';

export { blobStore, leases, versions } from './coordination.ts';
export { blobTrash, gcQueue, gcRuns, pendingGarbage } from './garbage.ts';

export { damagedManifests, manifestBlobs, manifestChildren, manifestSummaries, manifests, tags } from './manifests.ts';
export { policyRules } from './policy.ts';
export { repositories } from './repositories.ts';
export { totals } from './totals.ts';
export { uploads } from './uploads.ts';
