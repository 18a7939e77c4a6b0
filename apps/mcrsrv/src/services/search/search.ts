import {
  type Digest,
  isAdmin,
  isRepositoryName,
  parseRepositoryName,
  parseSearchQuery,
  parseTag,
  type RepositoryName,
  type SearchQuery,
  type Tag,
} from '@mcr/core';
import type { FoundTag } from '@mcr/db';
import type { Caller } from '../caller.ts';
import type { ServiceContext } from '../context.ts';
import { authorizeList, policyInput } from '../policy/authorize.ts';
import { findRepositories } from './repositories.ts';

/** Something that was found. */
export type Hit =
  | { readonly kind: 'repository'; readonly repository: RepositoryName }
  | { readonly kind: 'tag'; readonly repository: RepositoryName; readonly tag: Tag }
  | { readonly kind: 'manifest'; readonly repository: RepositoryName; readonly digest: Digest }
  | { readonly kind: 'account'; readonly username: string };

/** Rows of tags, and of digests, that are read for one search, however few of them the caller may see. */
const maxRows = 500;
/** Tags of the repository that a reference names. */
const maxTagsOfOne = 50;
const isTagBeginning = /^[A-Za-z0-9_][\w.-]{0,127}$/;

/**
 * What a text names of that which the caller may pull, at most `limit` of each kind; for admins also local accounts. What it reads
 * is bounded, whatever is stored. `DENIED` to accounts that may not list repositories.
 */
export async function search(
  services: ServiceContext,
  caller: Caller,
  { query, limit }: { readonly query: string; readonly limit: number },
): Promise<readonly Hit[]> {
  await authorizeList(services, caller);
  const asked = parseSearchQuery(query);
  const mayPull = (await services.policy.current()).allowedIn(policyInput(caller, 'registry:pull'));
  const found = await Promise.all([
    findRepositories(services, asked.name, { limit, mayPull }),
    findTags(services, asked),
    findManifests(services, asked),
    isAdmin(caller.principal) ? findAccounts(services, asked, limit) : [],
  ]);
  return found.flatMap((hits) => firstOf(hits, limit, (hit) => hit.kind === 'account' || mayPull(hit.repository)));
}

function firstOf(hits: readonly Hit[], limit: number, isShown: (hit: Hit) => boolean): readonly Hit[] {
  const shown: Hit[] = [];
  for (const hit of hits) {
    if (shown.length === limit) break;
    if (isShown(hit)) shown.push(hit);
  }
  return shown;
}

/** Tags that begin so: those of the repository that the text names first, then those of others whose name contains it. */
async function findTags({ store }: ServiceContext, { name, tag, digest }: SearchQuery): Promise<readonly Hit[]> {
  const prefix = tag ?? (name.includes('/') ? '' : name);
  if (!isTagBeginning.test(prefix) || (digest !== undefined && name === '')) return [];
  const found = [
    ...(tag === undefined ? [] : await tagsOf(store, name, tag)),
    ...(await store.tags.findByPrefix({ prefix, limit: maxRows })),
  ];
  const isMeant = (repository: string) => tag === undefined || name === '' || repository.includes(name);
  const hits = found
    .filter(({ repository }) => isMeant(repository))
    .map(({ repository, name: own }) => [`${repository}:${own}`, { kind: 'tag', repository, tag: own }] as const);
  return [...new Map(hits).values()];
}

/** The tag of this name and those that begin with it, in a repository that need not exist. */
async function tagsOf(store: ServiceContext['store'], name: string, tag: string): Promise<readonly FoundTag[]> {
  if (!isRepositoryName(name)) return [];
  const repository = parseRepositoryName(name);
  const own = parseTag(tag);
  const [exact, behind] = await Promise.all([
    store.manifests.stat(repository, { kind: 'tag', tag: own }).then(
      () => [own],
      () => [],
    ),
    store.tags.list(repository, { after: own, limit: maxTagsOfOne }).catch(() => []),
  ]);
  return [...exact, ...behind.filter((one) => one.startsWith(tag))].map((one) => ({ repository, name: one }));
}

async function findManifests({ store }: ServiceContext, { digest: prefix }: SearchQuery): Promise<readonly Hit[]> {
  if (prefix === undefined) return [];
  const found = await store.manifests.findByPrefix({ prefix, limit: maxRows });
  return found.map(({ repository, digest }) => ({ kind: 'manifest', repository, digest }));
}

async function findAccounts(
  { store, settings }: ServiceContext,
  { name, tag }: SearchQuery,
  limit: number,
): Promise<readonly Hit[]> {
  if (!settings.localAccounts || name === '' || tag !== undefined) return [];
  const [exact, behind] = await Promise.all([
    store.accounts.findByName(name),
    store.accounts.list({ after: name, limit }),
  ]);
  const named = [...(exact === undefined ? [] : [exact]), ...behind];
  return named
    .filter(({ username }) => username.startsWith(name))
    .map(({ username }) => ({ kind: 'account', username }));
}
