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
  listTags: (store) => store.tags.list(big, page),
  listTagRecords: (store) => store.tags.listRecords(big, page),
  'listTagDetails by name': (store) => store.tags.listDetails(big, page),
  'listTagDetails by name, of one manifest': (store) => store.tags.listDetails(tagged, page),
  'listTagRecords by version': (store) => store.tags.listRecords(big, { ...page, order: 'version', after: 'v100000' }),
  'listTagDetails by version': (store) => store.tags.listDetails(big, { ...page, order: 'version', after: 'v100000' }),
  'listTagDetails by newest version': (store) =>
    store.tags.listDetails(big, { ...page, order: 'newest_version', tagsPerImage: 10, after: 'v100000' }),
  'listTagDetails by newest version, amid the tags of one image': (store) =>
    store.tags.listDetails(tagged, { ...page, order: 'newest_version', after: 't3-020000 t3-010000' }),
  'listTagDetails by newest version that finds nothing': (store) =>
    store.tags.listDetails(tagged, { ...page, order: 'newest_version', tagsPerImage: 10, search: 'zzz' }),
  'listTagDetails by time': (store) => store.tags.listDetails(big, { ...page, order: 'updated' }),
  'listTagDetails by time, from the middle': (store) =>
    store.tags.listDetails(big, { ...page, order: 'updated', after: `${many / 2} v100000` }),
  'listTagDetails with a search that finds nothing': (store) => store.tags.listDetails(big, { ...page, search: 'zzz' }),
  'listTagDetails by time with a search that finds nothing': (store) =>
    store.tags.listDetails(big, { ...page, order: 'updated', search: 'zzz' }),
  'listTagDetails by newest version, behind as many that do not match': (store) =>
    store.tags.listDetails(big, { limit: 50, order: 'newest_version', tagsPerImage: 10, match: 'v0*' }),
  'listTagDetails by newest version of a few that match': (store) =>
    store.tags.listDetails(big, { ...page, order: 'newest_version', match: 'v?99999' }),
  'listTagDetails by version of a platform that none has': (store) =>
    store.tags.listDetails(big, { ...page, order: 'version', platform: 'none' }),
  'countTags that do not match': (store) => store.tags.count(big, { ...page, search: 'zzz', signed: true }),
  'countTags of one manifest by a hostile pattern': (store) =>
    store.tags.count(tagged, { ...page, match: `${'*0'.repeat(60)}x` }),
  listManifests: (store) => store.manifests.list(big, page),
  listReferrers: (store) => store.manifests.listReferrers(signed, subject, page),
  'listReferrers of an artifact type that none has': (store) =>
    store.manifests.listReferrers(signed, subject, { ...page, artifactType: 'none' }),
  'inspectManifest of an image': (store) => store.manifests.inspect(big, { kind: 'digest', digest: subject }),
  'inspectManifest of an index': (store) => store.manifests.inspect(big, byTag('index-1')),
  'inspectManifest with many tags': (store) => store.manifests.inspect(tagged, byTag('t1-000001')),
  'inspectManifest with many referrers': (store) =>
    store.manifests.inspect(signed, { kind: 'digest', digest: subject }),
  'planTagDeletion of many images': (store) =>
    store.tags.planDeletion({ repository: big, tags: imageTags(entries + 1, 1_000), withManifests: true }),
  'planTagDeletion of an index': (store) =>
    store.tags.planDeletion({ repository: big, tags: ['index-1' as Tag], withManifests: true }),
  'planTagDeletion of a manifest with many tags': (store) =>
    store.tags.planDeletion({ repository: tagged, tags: ['t1-000001' as Tag], withManifests: true }),
  listRepositories: (store) => store.repositories.list(page),
  'listRepositorySummaries by name': (store) => store.repositories.listSummaries(page),
  'listRepositorySummaries by size': (store) => store.repositories.listSummaries({ ...page, order: 'size' }),
  'listRepositorySummaries by size, from the middle': (store) =>
    store.repositories.listSummaries({ ...page, order: 'size', after: '0 r/025000' }),
  'listRepositorySummaries by last push': (store) => store.repositories.listSummaries({ ...page, order: 'last_push' }),
  'listRepositorySummaries by last push, from the middle': (store) =>
    store.repositories.listSummaries({ ...page, order: 'last_push', after: '25000 r/025000' }),
  'listRepositorySummaries with a search that finds nothing': (store) =>
    store.repositories.listSummaries({ ...page, search: 'zzz' }),
  listLayers: (store) => store.repositories.listLayers(big, page),
  'listLayers of one size, from the middle': (store) =>
    store.repositories.listLayers(big, { ...page, after: `10 ${digestAt('b', many / 2)}` }),
  getRepositorySummary: (store) => store.repositories.getSummary(big),
  repositoryUsage: (store) => store.repositories.usage(big),
  referencedBytes: (store) => store.repositories.referencedBytes(),
  statistics: (store) => store.statistics(),
  pendingGarbage: (store) => store.gc.pending(),
  countQuarantined: (store) => store.blobs.countQuarantined(),
  listAuditEvents: (store) => store.audit.list(page),
  'listAuditEvents by type': (store) => store.audit.list({ ...page, type: 'policy_deny' }),
  'listAuditEvents by actor': (store) => store.audit.list({ ...page, actorId: 'ada' }),
  'listAuditEvents by repository': (store) => store.audit.list({ ...page, repository: big }),
  'listAuditEvents by actor and a type that it never had': (store) =>
    store.audit.list({ ...page, actorId: 'ada', type: 'manifest_pulled' }),
  'listAuditEvents by repository and a type that it never had': (store) =>
    store.audit.list({ ...page, repository: big, type: 'policy_deny' }),
  'listAuditEvents by actor and a repository that it never touched': (store) =>
    store.audit.list({ ...page, actorId: 'ada', repository: big }),
  'listAuditEvents by actor, repository and type': (store) =>
    store.audit.list({ ...page, actorId: 'ada', repository: signed, type: 'manifest_pulled' }),
  'listAuditEvents of a period': (store) => store.audit.list({ ...page, since: 5_000_000, until: 6_000_000 }),
  'listAuditEvents from a time on': (store) => store.audit.list({ ...page, since: 1 }),
  'listAuditEvents by actor and a type that it never had, of a period': (store) =>
    store.audit.list({ ...page, actorId: 'ada', type: 'manifest_pulled', since: 1, until: 190_000_000 }),
  activity: (store) => store.audit.activity({ sinceDay: 0 }),
  listUnsummarized: (store) => store.manifests.listUnsummarized({ limit: 100, maxBytes: 256 * 1024 }),
  'listUnsummarized, from the middle': (store) =>
    store.manifests.listUnsummarized({ after: many / 2, limit: 100, maxBytes: 256 * 1024 }),
  inspectBlobs: (store) => store.inspection.listBlobs(page),
  inspectReferences: (store) => store.inspection.listReferences(digestAt('b', many + 1) as Digest, 10),
  inspectManifests: (store) => store.inspection.listManifests(page),
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
  'pushManifest of an index': (store, run) => store.manifests.push(pushed(run)),
  'reviewGarbage of a blob with many leases': (store) => store.gc.review({ now, limit: 10 }),
  auditBlobs: (store) => store.gc.auditBlobs({ page: { limit: 250 }, reviewAfter: now, now }),
  'deleteTags of many images': async (store, run) => {
    const deletion = { repository: big, tags: imageTags(entries + 1 + run * 1_000, 1_000), withManifests: true };
    const { id } = await store.tags.planDeletion(deletion);
    await store.tags.deleteMany({ ...change, ...deletion, plan: id });
  },
  'deleteManifest of an index': (store, run) =>
    store.manifests.delete({ ...change, repository: big, digest: named(`index ${copies[run]}`).digest }),
  'deleteManifest with many tags': (store, run) =>
    store.manifests.delete({ ...change, repository: tagged, digest: named(`tagged ${copies[run]}`).digest }),
  'deleteRepository, and the removal of its rows': async (store, run) => {
    await store.repositories.delete({ ...change, repository: [big, signed, tagged][run]! });
    for (let slices = 0; slices < 50; slices += 1)
      await store.repositories.removeDeleted({ reviewAfter: now, limit: 300 });
  },
};
