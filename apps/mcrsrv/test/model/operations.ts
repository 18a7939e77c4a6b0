import { type Digest, digestOf, RegistryError, type RepositoryName, type Tag } from '@mcr/core';
import { deleteRepository } from '../../src/admin/repositories/delete.ts';
import { deleteTag } from '../../src/admin/tags/delete.ts';
import { deleteTags } from '../../src/admin/tags/delete-many.ts';
import { planTagDeletion } from '../../src/admin/tags/plan-deletion.ts';
import { deleteBlob } from '../../src/services/blobs/delete.ts';
import { administer, caller, collect, type Registry } from '../gc/_registry.ts';
import { head, manifestDigest, mount, push, pushInSteps, pushManifest, removeManifest } from '../gc/_verbs.ts';
import type { Model } from './model.ts';
import { blobsOf } from './universe.ts';

/** Something that a client does: what it means, and how it is done. */
export interface Operation {
  readonly text: string;
  /** The registry afterwards; `undefined` when it must be refused. */
  readonly predict: (model: Model, now: number) => Model | undefined;
  readonly act: (registry: Registry) => Promise<unknown>;
}

/** Pushes a blob, in one request or in three. */
export function pushBlob(repository: RepositoryName, text: string, inSteps: boolean): Operation {
  return {
    text: `push blob ${text} to ${repository}${inSteps ? ' in steps' : ''}`,
    predict: (model, now) => model.lease(repository, digestOf(text), now),
    act: (registry) => (inSteps ? pushInSteps : push)(registry, text, repository),
  };
}

/** Asks whether a blob is there. */
export function headBlob(repository: RepositoryName, text: string): Operation {
  const digest = digestOf(text);
  return {
    text: `HEAD blob ${text} in ${repository}`,
    predict: (model, now) => (model.has(repository, digest, now) ? model.claim(repository, digest, now) : undefined),
    act: (registry) => head(registry, digest, repository),
  };
}

/** Mounts a blob, which does nothing when it is not there. */
export function mountBlob(repository: RepositoryName, text: string, from: RepositoryName): Operation {
  const digest = digestOf(text);
  return {
    text: `mount blob ${text} from ${from} to ${repository}`,
    predict: (model, now) => (model.has(from, digest, now) ? model.lease(repository, digest, now) : model),
    act: (registry) => mount(registry, digest, repository, from),
  };
}

/** Pushes an image whose blobs must be there, maybe under a tag. */
export function pushImage(repository: RepositoryName, image: readonly string[], tag?: Tag): Operation {
  const digest = manifestDigest(image);
  const blobs = blobsOf(image);
  return {
    text: `push image ${image.join('+')} to ${repository}${tag === undefined ? '' : `:${tag}`}`,
    predict: (model, now) =>
      blobs.every((blob) => model.has(repository, blob, now)) ? model.push(repository, digest, blobs, tag) : undefined,
    act: (registry) => pushManifest(registry, image, { repository, ...(tag !== undefined && { tag }) }),
  };
}

/** Deletes an image by its digest. */
export function removeImage(repository: RepositoryName, image: readonly string[]): Operation {
  const digest = manifestDigest(image);
  return {
    text: `delete image ${image.join('+')} from ${repository}`,
    predict: (model) =>
      model.manifestsOf(repository).includes(digest) ? model.deleteManifest(repository, digest) : undefined,
    act: (registry) => removeManifest(registry, digest, repository),
  };
}

/** Deletes a tag. */
export function removeTag(repository: RepositoryName, tag: Tag): Operation {
  return {
    text: `delete tag ${tag} of ${repository}`,
    predict: (model) => (model.tagsOf(repository).has(tag) ? model.deleteTag(repository, tag) : undefined),
    act: (registry) => administer(registry, deleteTag, { repository, tag }),
  };
}

/** Deletes every tag of a repository by a plan, and keeps the manifests or not. */
export function removeTags(repository: RepositoryName, keepManifests: boolean): Operation {
  return {
    text: `delete all tags of ${repository}${keepManifests ? '' : ' with their manifests'}`,
    predict: (model) => {
      const tags = model.tagsOf(repository);
      if (tags.size === 0) return undefined;
      const untagged = model.deleteTags(repository, [...tags.keys()]);
      if (keepManifests) return untagged;
      return [...tags.values()].reduce<Model>((rest, digest) => rest.deleteManifest(repository, digest), untagged);
    },
    act: async (registry) => {
      const tags = (await registry.services.store.tags.listRecords(repository, { limit: 100 })).map(({ name }) => name);
      if (tags.length === 0) throw new RegistryError('MANIFEST_UNKNOWN', 'There is no tag');
      const deletion = { repository, tags, keepManifests };
      const { plan } = await administer(registry, planTagDeletion, deletion);
      await administer(registry, deleteTags, { ...deletion, planId: plan?.id ?? '' });
    },
  };
}

/** Deletes a repository with everything in it; one of which nothing is to be seen may be there or not. */
export function removeRepository(repository: RepositoryName): Operation {
  return {
    text: `delete repository ${repository}`,
    predict: (model) => model.deleteRepository(repository),
    act: (registry) => isRefused(administer(registry, deleteRepository, { name: repository })),
  };
}

/** Takes a blob out of a repository. */
export function removeBlob(repository: RepositoryName, text: string): Operation {
  const digest: Digest = digestOf(text);
  return {
    text: `delete blob ${text} from ${repository}`,
    predict: (model, now) => (model.has(repository, digest, now) ? model.deleteBlob(repository, digest) : undefined),
    act: ({ services }) => deleteBlob(services, caller, repository, digest),
  };
}

/** Collects garbage, which no client may notice. */
export function collectGarbage(reconcile: boolean): Operation {
  return {
    text: reconcile ? 'collect garbage and reconcile' : 'collect garbage',
    predict: (model) => model,
    act: async (registry) => {
      const { state, error } = await collect(registry, { reconcile });
      if (state !== 'completed') throw new Error(`A collection ended as ${state}: ${error}`);
    },
  };
}

/** Whether an operation was refused because something is not there; any other failure is thrown. */
export async function isRefused(acting: Promise<unknown>): Promise<boolean> {
  try {
    await acting;
    return false;
  } catch (error) {
    if (error instanceof RegistryError && error.code.endsWith('_UNKNOWN')) return true;
    throw error;
  }
}
