import { registry } from './000001-registry.ts';
import { policyAndAudit } from './000002-policy-and-audit.ts';
import { accountsAndGarbage } from './000003-accounts-and-garbage.ts';
import { figures } from './000004-figures.ts';
import { quarantine } from './000005-quarantine.ts';
import { uploadsByAccount } from './000006-uploads-by-account.ts';
import { damagedManifests } from './000007-damaged-manifests.ts';
import { tagVersions } from './000008-tag-versions.ts';
import { pendingGarbage } from './000009-pending-garbage.ts';
import { adminAccounts } from './000010-admin-accounts.ts';
import { blobStoreId } from './000011-blob-store-id.ts';
import { lowerCaseSubjects } from './000012-lower-case-subjects.ts';
import { keptFigures } from './000013-kept-figures.ts';
import { auditIndexes } from './000014-audit-indexes.ts';
import { actorNames } from './000015-actor-names.ts';
import { uniqueBlobs } from './000016-unique-blobs.ts';
import { descriptions } from './000017-descriptions.ts';
import { manifestSummaries } from './000018-manifest-summaries.ts';
import { loginFailures } from './000019-login-failures.ts';
import { uploadPieces } from './000020-upload-pieces.ts';
import { changes } from './000021-changes.ts';
import { patternMeaning } from './000022-pattern-meaning.ts';
import { ruleExceptions } from './000023-rule-exceptions.ts';
import { accessTokens } from './000024-access-tokens.ts';
import { search } from './000025-search.ts';
import { identities } from './000026-identities.ts';
import { lastPulls } from './000027-last-pulls.ts';
import { delegations } from './000028-delegations.ts';
import { blockedOwners } from './000029-blocked-owners.ts';
import { auditReferences } from './000030-audit-references.ts';
import { storageSpace } from './000031-storage-space.ts';
import { taggedImages } from './000032-tagged-images.ts';
import { repositoryLayers } from './000033-repository-layers.ts';
import type { Migration } from './migration.ts';

/** Every step of the schema, in order. */
export const migrations: readonly Migration[] = [
  registry,
  policyAndAudit,
  accountsAndGarbage,
  figures,
  quarantine,
  uploadsByAccount,
  damagedManifests,
  tagVersions,
  pendingGarbage,
  adminAccounts,
  blobStoreId,
  lowerCaseSubjects,
  keptFigures,
  auditIndexes,
  actorNames,
  uniqueBlobs,
  descriptions,
  manifestSummaries,
  loginFailures,
  uploadPieces,
  changes,
  patternMeaning,
  ruleExceptions,
  accessTokens,
  search,
  identities,
  lastPulls,
  delegations,
  blockedOwners,
  auditReferences,
  storageSpace,
  taggedImages,
  repositoryLayers,
];
