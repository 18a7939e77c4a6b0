import { registry } from './000001-registry.ts';
import { accessTokens } from './000002-access-tokens.ts';
import { search } from './000003-search.ts';
import { identities } from './000004-identities.ts';
import { lastPulls } from './000005-last-pulls.ts';
import { delegations } from './000006-delegations.ts';
import { blockedOwners } from './000007-blocked-owners.ts';
import { auditReferences } from './000008-audit-references.ts';
import { storageSpace } from './000009-storage-space.ts';
import { taggedImages } from './000010-tagged-images.ts';
import { repositoryLayers } from './000011-repository-layers.ts';
import type { Migration } from './migration.ts';

/** Every step of the schema, in order. */
export const migrations: readonly Migration[] = [
  registry,
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
