import { digestOf, parseDigest, parseRepositoryName, parseTag, RegistryError } from '@mcr/core';
import type { MetadataStore, Repositories } from '@mcr/db';
import { withFacets } from '@mcr/db/testing';
import { type RepositoryView, remainsIn, type Subject, type View } from '@mcr/stress';
import { deleteRepository } from '../../src/admin/repositories/delete.ts';
import { deleteTag } from '../../src/admin/tags/delete.ts';
import { deleteTags } from '../../src/admin/tags/delete-many.ts';
import { planTagDeletion } from '../../src/admin/tags/plan-deletion.ts';
import { deleteBlob } from '../../src/services/blobs/delete.ts';
import { registryDirectory } from '../gc/_directory.ts';
import {
  administer,
  caller,
  collect,
  gracePeriod,
  isWhole,
  openRegistry,
  type Registry,
  TestClock,
} from '../gc/_registry.ts';
import { head, manifestDigest, mount, push, pushInSteps, pushManifest, removeManifest } from '../gc/_verbs.ts';

/** A repository that no command is about. */
const kept = parseRepositoryName('team/kept');
const page = { limit: 100 };
/** A deletion goes in many transactions also where there is little to remove. */
const limit = 2;

function inSlices(store: MetadataStore): MetadataStore {
  const { repositories } = store;
  const sliced: Pick<Repositories, 'delete' | 'removeDeleted'> = {
    delete: (input) => repositories.delete({ ...input, limit }),
    removeDeleted: (input) => repositories.removeDeleted({ ...input, limit }),
  };
  return withFacets(store, { repositories: { ...repositories, ...sliced } });
}

/** The services of a new registry in this process; `alter` breaks it on purpose. */
export async function openServices(alter = (registry: Registry): Registry => registry): Promise<Subject> {
  const directory = await registryDirectory();
  const clock = new TestClock();
  const open = async () => alter(await openRegistry(directory, clock, { store: inSlices }));
  let registry = await open();
  let isOpen = true;
  const close = async () => {
    if (isOpen) await registry[Symbol.asyncDispose]();
    isOpen = false;
  };
  const named = parseRepositoryName;
  // With nothing but leftovers in it, a registry would not believe that they are its own.
  await push(registry, 'kept', kept);
  await pushManifest(registry, ['kept'], { repository: kept });
  return {
    gracePeriod,
    now: () => clock.now(),
    advance: (milliseconds) => clock.advance(milliseconds),
    pushBlob: (name, content, inSteps) => (inSteps ? pushInSteps : push)(registry, content, named(name)),
    headBlob: (name, content) => head(registry, digestOf(content), named(name)),
    mountBlob: (name, content, from) => mount(registry, digestOf(content), named(name), named(from)),
    deleteBlob: (name, content) => deleteBlob(registry.services, caller, named(name), digestOf(content)),
    digestOfImage: manifestDigest,
    pushImage: (name, contents, tag) =>
      pushManifest(registry, contents, {
        repository: named(name),
        ...(tag !== undefined && { tag: parseTag(tag) }),
      }),
    deleteManifest: (name, digest) => removeManifest(registry, parseDigest(digest), named(name)),
    deleteTag: (repository, tag) => administer(registry, deleteTag, { repository, tag }),
    deleteTags: (name, keepManifests) => deleteAllTags(registry, name, keepManifests),
    deleteRepository: (name) => administer(registry, deleteRepository, { name }),
    async collect(reconcile) {
      const { state, error } = await collect(registry, { reconcile });
      if (state !== 'completed') throw new Error(`A collection ended as ${state}: ${error}`);
    },
    crashAfter: (calls) => registry.steps.crashAfter(calls),
    async reopen() {
      await close();
      registry = await open();
      isOpen = true;
    },
    view: (names, contents) => viewOf(registry, names, contents),
    async close() {
      await registry.services.remover.run();
      clock.advance(3 * gracePeriod);
      await collect(registry, { reconcile: true });
      await close();
      return await remainsIn(directory.path);
    },
    async [Symbol.asyncDispose]() {
      await close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

async function deleteAllTags(registry: Registry, repository: string, keepManifests: boolean): Promise<void> {
  const { store } = registry.services;
  const tags = (await store.tags.listRecords(parseRepositoryName(repository), page)).map(({ name }) => name);
  if (tags.length === 0) throw new RegistryError('MANIFEST_UNKNOWN', 'There is no tag');
  const deletion = { repository, tags, keepManifests };
  const { plan } = await administer(registry, planTagDeletion, deletion);
  await administer(registry, deleteTags, { ...deletion, planId: plan?.id ?? '' });
}

async function viewOf(registry: Registry, names: readonly string[], contents: readonly string[]): Promise<View> {
  const { store } = registry.services;
  const known = new Set<string>(await store.repositories.list(page));
  const view: Record<string, RepositoryView> = {};
  for (const name of names.map(parseRepositoryName)) {
    const tags = known.has(name) ? await store.tags.listRecords(name, page) : [];
    const manifests = known.has(name) ? await store.manifests.list(name, page) : [];
    const blobs: string[] = [];
    for (const content of contents) if (await isWhole(registry, name, digestOf(content))) blobs.push(content);
    view[name] = {
      manifests: manifests.map(({ digest }) => digest),
      tags: Object.fromEntries(tags.map((tag) => [tag.name, tag.digest])),
      blobs,
    };
  }
  return view;
}
