// Written by `npm run tables`. Do not edit.

import { createAccount } from './accounts/create.ts';
import { deleteAccount } from './accounts/delete.ts';
import { listAccounts } from './accounts/list.ts';
import { updateAccount } from './accounts/update.ts';
import { getActivity } from './audit/get-activity.ts';
import { listAuditEvents } from './audit/list.ts';
import { readBlob } from './blobs/read.ts';
import { createDelegation } from './delegations/create.ts';
import { deleteDelegation } from './delegations/delete.ts';
import { listDelegations } from './delegations/list.ts';
import { getGcStatus } from './gc/get-status.ts';
import { listGcRuns } from './gc/list-runs.ts';
import { garbageCollect } from './gc/start.ts';
import { deleteIdentity } from './identities/delete.ts';
import { listIdentities } from './identities/list.ts';
import { updateIdentity } from './identities/update.ts';
import { deleteManifest } from './manifests/delete.ts';
import { getManifest } from './manifests/get.ts';
import { inspectManifest } from './manifests/inspect.ts';
import { listManifests } from './manifests/list.ts';
import type { Operation } from './operation.ts';
import { createPolicyRule } from './policy/create.ts';
import { deletePolicyRule } from './policy/delete.ts';
import { explainPolicy } from './policy/explain.ts';
import { getPolicyRule } from './policy/get.ts';
import { listPolicyRules } from './policy/list.ts';
import { matchRepositories } from './policy/match.ts';
import { updatePolicyRule } from './policy/update.ts';
import { deleteRepository } from './repositories/delete.ts';
import { getRepository } from './repositories/get.ts';
import { getRepositoryUsage } from './repositories/get-usage.ts';
import { listRepositories } from './repositories/list.ts';
import { listLayers } from './repositories/list-layers.ts';
import { search } from './repositories/search.ts';
import { updateRepository } from './repositories/update.ts';
import { changePassword } from './session/change-password.ts';
import { listPermissions } from './session/list-permissions.ts';
import { login } from './session/login.ts';
import { logout } from './session/logout.ts';
import { signIn } from './session/sign-in.ts';
import { whoAmI } from './session/who-am-i.ts';
import { snapshot } from './snapshots/create.ts';
import { listSnapshots } from './snapshots/list.ts';
import { describeStorage } from './status/describe-storage.ts';
import { health } from './status/health.ts';
import { ready } from './status/ready.ts';
import { getStatistics, getStorageUsage } from './status/statistics.ts';
import { deleteTag } from './tags/delete.ts';
import { deleteTags } from './tags/delete-many.ts';
import { listTags } from './tags/list.ts';
import { planTagDeletion } from './tags/plan-deletion.ts';
import { createToken } from './tokens/create.ts';
import { listTokens } from './tokens/list.ts';
import { revokeToken } from './tokens/revoke.ts';
import { rotateToken } from './tokens/rotate.ts';

/** Every operation of the admin API. Its path, who may call it and what its fields may hold are in proto/mcr/v1. */
export const operations: readonly Operation[] = [
  createAccount,
  deleteAccount,
  listAccounts,
  updateAccount,
  getActivity,
  listAuditEvents,
  readBlob,
  createDelegation,
  deleteDelegation,
  listDelegations,
  getGcStatus,
  listGcRuns,
  garbageCollect,
  deleteIdentity,
  listIdentities,
  updateIdentity,
  deleteManifest,
  getManifest,
  inspectManifest,
  listManifests,
  createPolicyRule,
  deletePolicyRule,
  explainPolicy,
  getPolicyRule,
  listPolicyRules,
  matchRepositories,
  updatePolicyRule,
  deleteRepository,
  getRepositoryUsage,
  getRepository,
  listLayers,
  listRepositories,
  search,
  updateRepository,
  changePassword,
  listPermissions,
  login,
  logout,
  signIn,
  whoAmI,
  snapshot,
  listSnapshots,
  describeStorage,
  health,
  ready,
  getStatistics,
  getStorageUsage,
  deleteTags,
  deleteTag,
  listTags,
  planTagDeletion,
  createToken,
  listTokens,
  revokeToken,
  rotateToken,
];
