import { describe } from 'vitest';
import { accountContract } from './accounts.ts';
import { auditContract } from './audit.ts';
import { blobContract } from './blobs.ts';
import { changesContract } from './changes.ts';
import { coordinationContract } from './coordination.ts';
import { damagedManifestContract } from './damaged-manifests.ts';
import { delegationContract } from './delegations.ts';
import { gcContract } from './gc.ts';
import { identityContract } from './identities.ts';
import { inspectionContract } from './inspection.ts';
import { layerContract } from './layers.ts';
import { loginContract } from './logins.ts';
import { maintenanceContract } from './maintenance.ts';
import { manifestContract } from './manifests.ts';
import { modelContract } from './model.ts';
import { newestVersionContract } from './newest-versions.ts';
import { paginationContract } from './pagination.ts';
import { policyContract } from './policy.ts';
import { pullContract } from './pulls.ts';
import { raceContract } from './races.ts';
import { repositoryContract } from './repositories.ts';
import { repositoryFiguresContract } from './repository-figures.ts';
import { snapshotContract } from './snapshots.ts';
import { spaceContract } from './space.ts';
import { type MakeStore, useStore } from './store-under-test.ts';
import { summaryContract } from './summaries.ts';
import { tagFilterContract } from './tag-filters.ts';
import { tagContract } from './tags.ts';
import { tokenContract } from './tokens.ts';
import { uploadContract } from './uploads.ts';

export { intercepted, withFacets } from './altered-stores.ts';
export { describeSharedMetadataStore, type StoresUnderTest } from './shared.ts';
export type { MakeStore, StoreUnderTest } from './store-under-test.ts';

/** What each facet of a `MetadataStore` promises. */
const facetContracts = {
  blobs: [blobContract],
  uploads: [uploadContract],
  manifests: [manifestContract, summaryContract, damagedManifestContract],
  tags: [tagContract, tagFilterContract, newestVersionContract, pullContract],
  repositories: [repositoryContract, repositoryFiguresContract, layerContract],
  policy: [policyContract],
  accounts: [accountContract],
  tokens: [tokenContract],
  delegations: [delegationContract],
  identities: [identityContract],
  logins: [loginContract],
  audit: [auditContract],
  gc: [gcContract],
  space: [spaceContract],
  coordination: [coordinationContract],
  inspection: [inspectionContract],
};

/**
 * Everything that a `MetadataStore` promises. `make` gives an empty store for each test; `dispose` also closes it. A store whose
 * server is backed up otherwise writes no snapshots.
 */
export function describeMetadataStore(name: string, make: MakeStore, { snapshots = true } = {}): void {
  describe(name, () => {
    const current = useStore(make);
    for (const [facet, contracts] of Object.entries(facetContracts))
      describe(`store.${facet}`, () => {
        for (const contract of contracts) contract(current);
      });
    changesContract(current);
    raceContract(current);
    maintenanceContract(current);
    if (snapshots) snapshotContract(current);
    paginationContract(current);
    modelContract(make);
  });
}
