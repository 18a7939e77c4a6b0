import type { AuditEvent } from '@mcr/core';
import type { MetadataStore } from '@mcr/db';
import type { Logger } from 'pino';
import { type Access, rejectWrites } from './reject-writes.ts';

/** The facets of a store. */
type FacetName = {
  [Name in keyof MetadataStore]: MetadataStore[Name] extends (...input: never[]) => unknown ? never : Name;
}[keyof MetadataStore];

/** What each method of each facet may do here; a method that is new has to be listed before this compiles. */
const methods = {
  blobs: {
    find: 'read',
    findByDigest: 'read',
    findQuarantined: 'read',
    claim: 'write',
    publish: 'write',
    mount: 'write',
    delete: 'write',
    isLocatorUsed: 'read',
    quarantine: 'write',
    release: 'write',
    countQuarantined: 'read',
  },
  uploads: {
    create: 'write',
    recordedBytes: 'read',
    get: 'read',
    pieces: 'read',
    advance: 'write',
    cutBack: 'write',
    touch: 'write',
    delete: 'write',
    reap: 'write',
  },
  manifests: {
    get: 'read',
    stat: 'read',
    stamp: 'read',
    push: 'write',
    delete: 'write',
    inspect: 'read',
    list: 'read',
    listReferrers: 'read',
    listUnsummarized: 'read',
    keepSummaries: 'write',
    quarantine: 'write',
    release: 'write',
    countQuarantined: 'read',
    notePulls: 'write',
    findByPrefix: 'read',
  },
  tags: {
    list: 'read',
    findByPrefix: 'read',
    listRecords: 'read',
    listDetails: 'read',
    count: 'read',
    delete: 'write',
    planDeletion: 'read',
    deleteMany: 'write',
  },
  tokens: {
    create: 'write',
    findById: 'read',
    findBySecret: 'read',
    list: 'read',
    rotate: 'write',
    revoke: 'write',
    noteUses: 'write',
    findOwner: 'read',
    putOwner: 'write',
    count: 'read',
  },
  repositories: {
    list: 'read',
    listSummaries: 'read',
    getSummary: 'read',
    usage: 'read',
    listLayers: 'read',
    referencedBytes: 'read',
    update: 'write',
    delete: 'write',
    removeDeleted: 'write',
  },
  policy: {
    listRules: 'read',
    ruleSet: 'read',
    getRule: 'read',
    createRule: 'write',
    updateRule: 'write',
    deleteRule: 'write',
  },
  accounts: {
    create: 'write',
    findByName: 'read',
    findById: 'read',
    list: 'read',
    update: 'write',
    delete: 'write',
    revokeToken: 'write',
    isTokenRevoked: 'read',
  },
  delegations: { grant: 'write', revoke: 'write', listOf: 'read', list: 'read' },
  identities: {
    signIn: 'write',
    findById: 'read',
    findByName: 'read',
    list: 'read',
    setBlocked: 'write',
    delete: 'write',
  },
  // Guesses are counted on, since logins go on; a migration does not take these counts along.
  logins: { find: 'read', count: 'read', forget: 'read' },
  audit: {
    append: 'write',
    list: 'read',
    listExpired: 'read',
    delete: 'write',
    repositories: 'read',
    findActorId: 'read',
    activity: 'read',
  },
  gc: {
    review: 'write',
    pending: 'read',
    listTrash: 'read',
    sweep: 'write',
    dropTrash: 'write',
    failTrash: 'write',
    auditBlobs: 'write',
    startRun: 'write',
    updateRun: 'write',
    finishRun: 'write',
    listRuns: 'read',
  },
  // A registry that takes no changes measures nothing either.
  space: { stored: 'read', largest: 'read', putSample: 'write', samples: 'read' },
  coordination: {
    acquireLease: 'write',
    releaseLease: 'write',
    takeOverLeases: 'write',
    versions: 'read',
    blobStoreId: 'read',
    setBlobStoreId: 'write',
  },
  inspection: {
    listBlobs: 'read',
    findLocator: 'read',
    listReferences: 'read',
    listManifests: 'read',
    wasBlobDeleted: 'read',
    compareReferenceCounts: 'read',
    compareTotals: 'read',
    compareRepositories: 'read',
    listUploads: 'read',
    listDangling: 'read',
    checkIntegrity: 'read',
    reviewForgotten: 'write',
    restoreBlob: 'write',
    repairManifest: 'write',
    recountReferences: 'write',
    recountTotals: 'write',
    recountRepository: 'write',
    removeDangling: 'write',
  },
} satisfies { readonly [Name in FacetName]: Readonly<Record<keyof MetadataStore[Name], Access>> };

/**
 * The same store, of which every change is rejected as `UNAVAILABLE`. Reads go on: a blob is found instead of leased, damage that
 * is noticed is not recorded, and events of reads are logged instead.
 */
export function readOnlyStore(store: MetadataStore, log?: Pick<Logger, 'info'>): MetadataStore {
  const facets = Object.entries(methods).map(([name, access]) => [
    name,
    rejectWrites(store[name as FacetName], access as Readonly<Record<string, Access>>, insteads(store, log)[name]),
  ]);
  return Object.assign(Object.create(store), Object.fromEntries(facets)) as MetadataStore;
}

/** What is done instead of a change that a read would make. */
function insteads(store: MetadataStore, log?: Pick<Logger, 'info'>): Readonly<Record<string, object>> {
  const claim: MetadataStore['blobs']['claim'] = ({ repository, digest, now }) =>
    store.blobs.find(repository, digest, now);
  const append = async (events: readonly AuditEvent[]): Promise<void> => {
    for (const event of events) log?.info({ event }, 'audit event of a read-only registry');
  };
  const unmarked = async (): Promise<boolean> => false;
  return {
    blobs: { claim, quarantine: unmarked, release: unmarked },
    manifests: { quarantine: unmarked, release: unmarked },
    audit: { append },
    // Who has an account elsewhere logs in with other roles than before.
    tokens: { putOwner: async () => {} },
  };
}
