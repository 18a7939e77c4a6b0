import { type Digest, parseRepositoryName, type RepositoryName, type Tag } from '@mcr/core';
import type { MetadataStore } from '../../src/metadata-store.ts';
import { copies, digestAt, entries, many, named } from './fill.ts';

export const [big, signed, tagged] = ['big', 'signed', 'tagged'].map(parseRepositoryName) as [
  RepositoryName,
  RepositoryName,
  RepositoryName,
];

const now = Date.UTC(2026, 0, 1);
const change = { actor: { id: 'ada', name: 'ada' }, now, reviewAfter: now };
const page = { limit: 1_000 };
const subject = named('image').digest;
const byTag = (tag: string) => ({ kind: 'tag', tag: tag as Tag }) as const;
const imageTags = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => `v${String(from + i).padStart(6, '0')}` as Tag);

/** An operation among very many rows; each run of one that changes something changes something else. */
export type Operation = (store: MetadataStore, run: number) => Promise<unknown>;

/** What reads, page by page or in figures. */
export const reads: Readonly<Record<string, Operation>> = {
  listTags: (store) => store.listTags(big, page),
  listTagRecords: (store) => store.listTagRecords(big, page),
  'listTagDetails by name': (store) => store.listTagDetails(big, page),
  'listTagDetails by name, of one manifest': (store) => store.listTagDetails(tagged, page),
  'listTagRecords by version': (store) => store.listTagRecords(big, { ...page, order: 'version', after: 'v100000' }),
  'listTagDetails by version': (store) => store.listTagDetails(big, { ...page, order: 'version', after: 'v100000' }),
  'listTagDetails by time': (store) => store.listTagDetails(big, { ...page, order: 'updated' }),
  'listTagDetails by time, from the middle': (store) =>
    store.listTagDetails(big, { ...page, order: 'updated', after: `${many / 2} v100000` }),
  'listTagDetails with a search that finds nothing': (store) => store.listTagDetails(big, { ...page, search: 'zzz' }),
  'listTagDetails by time with a search that finds nothing': (store) =>
    store.listTagDetails(big, { ...page, order: 'updated', search: 'zzz' }),
  listManifests: (store) => store.listManifests(big, page),
  listReferrers: (store) => store.listReferrers(signed, subject, page),
  'listReferrers of an artifact type that none has': (store) =>
    store.listReferrers(signed, subject, { ...page, artifactType: 'none' }),
  'inspectManifest of an image': (store) => store.inspectManifest(big, { kind: 'digest', digest: subject }),
  'inspectManifest of an index': (store) => store.inspectManifest(big, byTag('index-1')),
  'inspectManifest with many tags': (store) => store.inspectManifest(tagged, byTag('t1-000001')),
  'inspectManifest with many referrers': (store) => store.inspectManifest(signed, { kind: 'digest', digest: subject }),
  'planTagDeletion of many images': (store) =>
    store.planTagDeletion({ repository: big, tags: imageTags(entries + 1, 1_000), withManifests: true }),
  'planTagDeletion of an index': (store) =>
    store.planTagDeletion({ repository: big, tags: ['index-1' as Tag], withManifests: true }),
  'planTagDeletion of a manifest with many tags': (store) =>
    store.planTagDeletion({ repository: tagged, tags: ['t1-000001' as Tag], withManifests: true }),
  listRepositories: (store) => store.listRepositories(page),
  'listRepositorySummaries by name': (store) => store.listRepositorySummaries(page),
  'listRepositorySummaries by size': (store) => store.listRepositorySummaries({ ...page, order: 'size' }),
  'listRepositorySummaries by size, from the middle': (store) =>
    store.listRepositorySummaries({ ...page, order: 'size', after: '0 r/025000' }),
  'listRepositorySummaries by last push': (store) => store.listRepositorySummaries({ ...page, order: 'last_push' }),
  'listRepositorySummaries by last push, from the middle': (store) =>
    store.listRepositorySummaries({ ...page, order: 'last_push', after: '25000 r/025000' }),
  'listRepositorySummaries with a search that finds nothing': (store) =>
    store.listRepositorySummaries({ ...page, search: 'zzz' }),
  getRepositorySummary: (store) => store.getRepositorySummary(big),
  repositoryUsage: (store) => store.repositoryUsage(big),
  referencedBytes: (store) => store.referencedBytes(),
  statistics: (store) => store.statistics(),
  pendingGarbage: (store) => store.pendingGarbage(),
  countQuarantined: (store) => store.countQuarantined(),
  listAuditEvents: (store) => store.listAuditEvents(page),
  'listAuditEvents by type': (store) => store.listAuditEvents({ ...page, type: 'policy_deny' }),
  'listAuditEvents by actor': (store) => store.listAuditEvents({ ...page, actorId: 'ada' }),
  'listAuditEvents by repository': (store) => store.listAuditEvents({ ...page, repository: big }),
  'listAuditEvents by actor and a type that it never had': (store) =>
    store.listAuditEvents({ ...page, actorId: 'ada', type: 'manifest_pulled' }),
  'listAuditEvents by repository and a type that it never had': (store) =>
    store.listAuditEvents({ ...page, repository: big, type: 'policy_deny' }),
  'listAuditEvents by actor and a repository that it never touched': (store) =>
    store.listAuditEvents({ ...page, actorId: 'ada', repository: big }),
  'listAuditEvents by actor, repository and type': (store) =>
    store.listAuditEvents({ ...page, actorId: 'ada', repository: signed, type: 'manifest_pulled' }),
  'listAuditEvents of a period': (store) => store.listAuditEvents({ ...page, since: 5_000_000, until: 6_000_000 }),
  'listAuditEvents from a time on': (store) => store.listAuditEvents({ ...page, since: 1 }),
  'listAuditEvents by actor and a type that it never had, of a period': (store) =>
    store.listAuditEvents({ ...page, actorId: 'ada', type: 'manifest_pulled', since: 1, until: 190_000_000 }),
  activity: (store) => store.activity({ sinceDay: 0 }),
  listUnsummarized: (store) => store.listUnsummarized({ limit: 100, maxBytes: 256 * 1024 }),
  'listUnsummarized, from the middle': (store) =>
    store.listUnsummarized({ after: many / 2, limit: 100, maxBytes: 256 * 1024 }),
  inspectBlobs: (store) => store.inspectBlobs(page),
  inspectReferences: (store) => store.inspectReferences(digestAt('b', many + 1) as Digest, 10),
  inspectManifests: (store) => store.inspectManifests(page),
};

const pushed = (run: number) => ({
  ...change,
  repository: big,
  digest: named(`pushed ${run}`).digest,
  mediaType: 'application/vnd.oci.image.index.v1+json',
  content: Buffer.from('{}'),
  blobs: [],
  optionalBlobs: Array.from({ length: entries }, (_, i) => digestAt('a', i + 1) as Digest),
  children: Array.from({ length: entries }, (_, i) => digestAt('a', i + 1)),
  tags: [],
});

/** What changes something, each time something else. */
export const writes: Readonly<Record<string, Operation>> = {
  'pushManifest of an index': (store, run) => store.pushManifest(pushed(run)),
  'reviewGarbage of a blob with many leases': (store) => store.reviewGarbage({ now, limit: 10 }),
  auditBlobs: (store) => store.auditBlobs({ page: { limit: 250 }, reviewAfter: now, now }),
  'deleteTags of many images': async (store, run) => {
    const deletion = { repository: big, tags: imageTags(entries + 1 + run * 1_000, 1_000), withManifests: true };
    const { id } = await store.planTagDeletion(deletion);
    await store.deleteTags({ ...change, ...deletion, plan: id });
  },
  'deleteManifest of an index': (store, run) =>
    store.deleteManifest({ ...change, repository: big, digest: named(`index ${copies[run]}`).digest }),
  'deleteManifest with many tags': (store, run) =>
    store.deleteManifest({ ...change, repository: tagged, digest: named(`tagged ${copies[run]}`).digest }),
  'deleteRepository, and the removal of its rows': async (store, run) => {
    await store.deleteRepository({ ...change, repository: [big, signed, tagged][run]! });
    for (let slices = 0; slices < 50; slices += 1) await store.removeDeleted({ reviewAfter: now, limit: 300 });
  },
};
