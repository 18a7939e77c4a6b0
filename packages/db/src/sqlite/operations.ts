// Written by `npm run tables`. Do not edit.

import { createAccount } from './accounts/create-account.ts';
import { deleteAccount } from './accounts/delete-account.ts';
import { findAccountById, findAccountByName, listAccounts } from './accounts/find-account.ts';
import { isTokenRevoked, revokeToken } from './accounts/revoked-tokens.ts';
import { updateAccount } from './accounts/update-account.ts';
import { activity } from './audit/activity.ts';
import { appendAuditEvents } from './audit/append-audit-events.ts';
import { deleteAuditEvents, listExpiredAuditEvents } from './audit/expired-audit-events.ts';
import { findActorId } from './audit/find-actor-id.ts';
import { listAuditEvents } from './audit/list-audit-events.ts';
import { claimBlob } from './blobs/claim-blob.ts';
import { deleteBlob } from './blobs/delete-blob.ts';
import { findBlob, findQuarantinedBlob } from './blobs/find-blob.ts';
import { isLocatorUsed } from './blobs/is-locator-used.ts';
import { mountBlob } from './blobs/mount-blob.ts';
import { publishBlob } from './blobs/publish-blob.ts';
import { countQuarantined, quarantineBlob, releaseBlob } from './blobs/quarantine.ts';
import { blobStoreId, setBlobStoreId } from './coordination/blob-store-id.ts';
import { acquireLease, releaseLease, takeOverLeases } from './coordination/leases.ts';
import { versions } from './coordination/versions.ts';
import { auditBlobs } from './garbage/audit-blobs.ts';
import { finishGcRun } from './garbage/finish-gc-run.ts';
import { listGcRuns } from './garbage/list-gc-runs.ts';
import { pendingGarbage } from './garbage/pending-garbage.ts';
import { reviewGarbage } from './garbage/review-garbage.ts';
import { startGcRun } from './garbage/start-gc-run.ts';
import { dropTrash, failTrash, listTrash } from './garbage/trash-entries.ts';
import { updateGcRun } from './garbage/update-gc-run.ts';
import { checkIntegrity } from './inspection/check-integrity.ts';
import { inspectDangling, removeDangling } from './inspection/dangling-rows.ts';
import { inspectBlobs, inspectLocator, inspectReferences } from './inspection/inspect-blobs.ts';
import {
  inspectReferenceCounts,
  inspectTotals,
  recountReferences,
  recountTotals,
} from './inspection/inspect-figures.ts';
import { inspectManifests, wasBlobDeleted } from './inspection/inspect-manifests.ts';
import { inspectRepositories, recountRepository } from './inspection/inspect-repositories.ts';
import { inspectUploads } from './inspection/inspect-uploads.ts';
import { restoreBlob, reviewForgotten, trashLocator } from './inspection/repair-garbage.ts';
import { repairManifest } from './inspection/repair-manifest.ts';
import { close } from './maintenance/close.ts';
import { ping } from './maintenance/ping.ts';
import { snapshot } from './maintenance/snapshot.ts';
import { statistics } from './maintenance/statistics.ts';
import { deleteManifest } from './manifests/delete-manifest.ts';
import { deleteTag } from './manifests/delete-tag.ts';
import { deleteTags, planTagDeletion } from './manifests/delete-tags.ts';
import { getManifest, statManifest } from './manifests/find-manifest.ts';
import { inspectManifest } from './manifests/inspect-manifest.ts';
import { listManifests } from './manifests/list-manifests.ts';
import { listReferrers } from './manifests/list-referrers.ts';
import { listTagDetails } from './manifests/list-tag-details.ts';
import { listTagRecords, listTags } from './manifests/list-tags.ts';
import { pushManifest } from './manifests/push-manifest.ts';
import { countQuarantinedManifests, quarantineManifest, releaseManifest } from './manifests/quarantine-manifest.ts';
import { keepSummaries, listUnsummarized } from './manifests/unsummarized.ts';
import type { Operations } from './operation.ts';
import { createPolicyRule } from './policy/create-policy-rule.ts';
import { deletePolicyRule } from './policy/delete-policy-rule.ts';
import { getPolicyRule } from './policy/get-policy-rule.ts';
import { listPolicyRules } from './policy/list-policy-rules.ts';
import { updatePolicyRule } from './policy/update-policy-rule.ts';
import { deleteRepository, removeDeleted } from './repositories/delete-repository.ts';
import { listRepositories } from './repositories/list-repositories.ts';
import { getRepositorySummary, listRepositorySummaries } from './repositories/repository-summaries.ts';
import { referencedBytes, repositoryUsage } from './repositories/repository-usage.ts';
import { updateRepository } from './repositories/update-repository.ts';
import { advanceUpload } from './uploads/advance-upload.ts';
import { createUpload } from './uploads/create-upload.ts';
import { deleteUpload } from './uploads/delete-upload.ts';
import { getUpload } from './uploads/get-upload.ts';
import { listIdleUploads } from './uploads/list-idle-uploads.ts';
import { uploadedBytes } from './uploads/upload-quota.ts';

/** The whole store, method by method. */
export const operations: Operations = {
  createAccount,
  deleteAccount,
  findAccountByName,
  findAccountById,
  listAccounts,
  revokeToken,
  isTokenRevoked,
  updateAccount,
  activity,
  appendAuditEvents,
  listExpiredAuditEvents,
  deleteAuditEvents,
  findActorId,
  listAuditEvents,
  claimBlob,
  deleteBlob,
  findBlob,
  findQuarantinedBlob,
  isLocatorUsed,
  mountBlob,
  publishBlob,
  quarantineBlob,
  releaseBlob,
  countQuarantined,
  blobStoreId,
  setBlobStoreId,
  acquireLease,
  releaseLease,
  takeOverLeases,
  versions,
  auditBlobs,
  finishGcRun,
  listGcRuns,
  pendingGarbage,
  reviewGarbage,
  startGcRun,
  listTrash,
  dropTrash,
  failTrash,
  updateGcRun,
  checkIntegrity,
  inspectDangling,
  removeDangling,
  inspectBlobs,
  inspectLocator,
  inspectReferences,
  inspectTotals,
  recountTotals,
  inspectReferenceCounts,
  recountReferences,
  inspectManifests,
  wasBlobDeleted,
  inspectRepositories,
  recountRepository,
  inspectUploads,
  trashLocator,
  reviewForgotten,
  restoreBlob,
  repairManifest,
  close,
  ping,
  snapshot,
  statistics,
  deleteManifest,
  deleteTag,
  planTagDeletion,
  deleteTags,
  getManifest,
  statManifest,
  inspectManifest,
  listManifests,
  listReferrers,
  listTagDetails,
  listTags,
  listTagRecords,
  pushManifest,
  quarantineManifest,
  releaseManifest,
  countQuarantinedManifests,
  listUnsummarized,
  keepSummaries,
  createPolicyRule,
  deletePolicyRule,
  getPolicyRule,
  listPolicyRules,
  updatePolicyRule,
  deleteRepository,
  removeDeleted,
  listRepositories,
  listRepositorySummaries,
  getRepositorySummary,
  repositoryUsage,
  referencedBytes,
  updateRepository,
  advanceUpload,
  createUpload,
  deleteUpload,
  getUpload,
  listIdleUploads,
  uploadedBytes,
};
