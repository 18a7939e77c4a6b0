import { type AuditEvent, type Digest, digestOf, parseRepositoryName, parseTag } from '@mcr/core';
import type { BlobRecord } from '../facets/blobs.ts';
import type { ReviewResult } from '../facets/gc.ts';
import type { PushManifest } from '../facets/manifests.ts';
import type { NewPolicyRule } from '../facets/policy.ts';
import type { MetadataStore } from '../metadata-store.ts';

export const start = Date.UTC(2026, 0, 1);
export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;

export const app = parseRepositoryName('team/app');
export const other = parseRepositoryName('team/other');
export const latest = parseTag('latest');

/** Who does things in the tests. */
export const ada = { id: '0b8e1c52-3f0a-4f2e-9a55-2f6f1f4d7a10', name: 'ada', ip: '192.0.2.7' };
export const change = { actor: ada, now: start };

type Publish = Parameters<MetadataStore['blobs']['publish']>[0];

/** Publishes `text` as a blob, leased for an hour and reviewed after a day. */
export function publish(
  store: MetadataStore,
  repository: Publish['repository'],
  text: string,
  overrides: Partial<Publish> = {},
): Promise<BlobRecord> {
  const now = overrides.now ?? start;
  const digest = digestOf(text);
  return store.blobs.publish({
    actor: ada,
    now,
    repository,
    digest,
    size: text.length,
    locator: locatorOf(digest),
    leasedUntil: now + hour,
    reviewAfter: now + day,
    ...overrides,
  });
}

export function locatorOf(digest: Digest): string {
  return digest.replace(':', '/');
}

/** Pushes a manifest whose content is `text`; its digest. */
export async function push(
  store: MetadataStore,
  repository: PushManifest['repository'],
  text: string,
  overrides: Partial<PushManifest> = {},
): Promise<Digest> {
  const input = manifest(repository, text, overrides);
  await store.manifests.push(input);
  return input.digest;
}

export function manifest(
  repository: PushManifest['repository'],
  text: string,
  overrides: Partial<PushManifest> = {},
): PushManifest {
  const now = overrides.now ?? start;
  return {
    actor: ada,
    now,
    repository,
    digest: digestOf(text),
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    content: Buffer.from(text),
    blobs: [],
    optionalBlobs: [],
    children: [],
    tags: [],
    reviewAfter: now + day,
    ...overrides,
  };
}

export function rule(overrides: Partial<NewPolicyRule> = {}): NewPolicyRule {
  return {
    priority: 10,
    description: 'CI may pull',
    effect: 'allow',
    roles: ['ci'],
    accountTypes: ['system'],
    actions: ['registry:pull'],
    repositories: ['team/*'],
    enabled: true,
    ...overrides,
  };
}

export function isIn(store: MetadataStore, repository: typeof app, digest: Digest, now: number): Promise<boolean> {
  return store.blobs.find(repository, digest, now).then((blob) => blob !== undefined);
}

/** Runs reviews until nothing is due, as garbage collection does. */
export async function reviewAll(store: MetadataStore, now: number, limit = 25): Promise<ReviewResult> {
  const total = { reviewed: 0, blobsRemoved: 0, bytesFreed: 0, linksExpired: 0 };
  for (;;) {
    const result = await store.gc.review({ now, limit });
    if (result.reviewed === 0) return total;
    total.reviewed += result.reviewed;
    total.blobsRemoved += result.blobsRemoved;
    total.bytesFreed += result.bytesFreed;
    total.linksExpired += result.linksExpired;
  }
}

/** Locators of everything in the trash. */
export async function trashed(store: MetadataStore): Promise<string[]> {
  return (await store.gc.listTrash({ limit: 1000 })).map(({ locator }) => locator);
}

/** What the newest audit event says happened; who did it and when is left out. */
export async function lastEvent(store: MetadataStore): Promise<Partial<AuditEvent> | undefined> {
  const [event] = await store.audit.list({ limit: 1 });
  if (event === undefined) return undefined;
  const { type, repository, digest, details } = event;
  return { type, details, ...(repository !== undefined && { repository }), ...(digest !== undefined && { digest }) };
}
