import { digestOf, RegistryError } from '@mcr/core';
import {
  emptied,
  emptyRepository,
  hasBlob,
  type Repository,
  withLease,
  withManifest,
  withoutBlob,
  withoutManifest,
  withoutTags,
} from './repository.ts';
import type { Subject } from './subject.ts';

/** A registry as far as clients can tell: its repositories by name. */
export type Registry = ReadonlyMap<string, Repository>;

/** Something that a client does: what it means, and how it is done. */
export interface Operation {
  readonly text: string;
  /** The registry afterwards; `undefined` when it must be rejected. */
  readonly predict: (registry: Registry, subject: Subject) => Registry | undefined;
  readonly act: (subject: Subject) => Promise<unknown>;
}

/** What a registry holds under a name. */
export function repositoryOf(registry: Registry, name: string): Repository {
  return registry.get(name) ?? emptyRepository;
}

/** Pushes a blob, in one request or in three. */
export function pushBlob(name: string, content: string, inSteps: boolean): Operation {
  return {
    text: `push blob ${content} to ${name}${inSteps ? ' in steps' : ''}`,
    predict: (registry, subject) => changed(registry, name, leased(content, subject)),
    act: (subject) => subject.pushBlob(name, content, inSteps),
  };
}

/** Checks whether a blob is there, which extends a lease of which less than half is left. */
export function headBlob(name: string, content: string): Operation {
  const digest = digestOf(content);
  return {
    text: `HEAD blob ${content} in ${name}`,
    predict: (registry, subject) => {
      const repository = repositoryOf(registry, name);
      if (!hasBlob(repository, digest, subject.now())) return undefined;
      const left = (repository.leases.get(digest) ?? 0) - subject.now();
      return left * 2 >= subject.gracePeriod ? registry : changed(registry, name, leased(content, subject));
    },
    act: (subject) => subject.headBlob(name, content),
  };
}

/** Mounts a blob, which does nothing when it is not there. */
export function mountBlob(name: string, content: string, from: string): Operation {
  return {
    text: `mount blob ${content} from ${from} to ${name}`,
    predict: (registry, subject) =>
      hasBlob(repositoryOf(registry, from), digestOf(content), subject.now())
        ? changed(registry, name, leased(content, subject))
        : registry,
    act: (subject) => subject.mountBlob(name, content, from),
  };
}

/** Pushes an image whose blobs must be there, maybe under a tag. */
export function pushImage(name: string, contents: readonly string[], tag?: string): Operation {
  const blobs = contents.map((content) => digestOf(content));
  const tags = tag === undefined ? [] : [tag];
  return {
    text: `push image ${contents.join('+')} to ${[name, ...tags].join(':')}`,
    predict: (registry, subject) =>
      blobs.every((blob) => hasBlob(repositoryOf(registry, name), blob, subject.now()))
        ? changed(registry, name, (it) => withManifest(it, subject.digestOfImage(contents), { blobs }, ...tags))
        : undefined,
    act: (subject) => subject.pushImage(name, contents, tag),
  };
}

/** Deletes an image by its digest. */
export function removeImage(name: string, contents: readonly string[]): Operation {
  return {
    text: `delete image ${contents.join('+')} from ${name}`,
    predict: (registry, subject) => {
      const digest = subject.digestOfImage(contents);
      const isThere = repositoryOf(registry, name).manifests.has(digest);
      return isThere ? changed(registry, name, (it) => withoutManifest(it, digest)) : undefined;
    },
    act: (subject) => subject.deleteManifest(name, subject.digestOfImage(contents)),
  };
}

/** Deletes a tag. */
export function removeTag(name: string, tag: string): Operation {
  return {
    text: `delete tag ${tag} of ${name}`,
    predict: (registry) =>
      repositoryOf(registry, name).tags.has(tag) ? changed(registry, name, (it) => withoutTags(it, [tag])) : undefined,
    act: (subject) => subject.deleteTag(name, tag),
  };
}

/** Deletes every tag of a repository by a plan, and keeps the manifests or not. */
export function removeTags(name: string, keepManifests: boolean): Operation {
  return {
    text: `delete all tags of ${name}${keepManifests ? '' : ' with their manifests'}`,
    predict: (registry) => {
      const tags = [...repositoryOf(registry, name).tags.keys()];
      return tags.length > 0 ? changed(registry, name, (it) => withoutTags(it, tags, keepManifests)) : undefined;
    },
    act: (subject) => subject.deleteTags(name, keepManifests),
  };
}

/** Deletes a repository with everything in it; one of which nothing is to be seen may be there or not. */
export function removeRepository(name: string): Operation {
  return {
    text: `delete repository ${name}`,
    predict: (registry) => changed(registry, name, emptied),
    act: (subject) => isRejected(subject.deleteRepository(name)),
  };
}

/** Takes a blob out of a repository. */
export function removeBlob(name: string, content: string): Operation {
  const digest = digestOf(content);
  return {
    text: `delete blob ${content} from ${name}`,
    predict: (registry, subject) =>
      hasBlob(repositoryOf(registry, name), digest, subject.now())
        ? changed(registry, name, (it) => withoutBlob(it, digest))
        : undefined,
    act: (subject) => subject.deleteBlob(name, content),
  };
}

/** Collects garbage, which no client may notice. */
export function collectGarbage(reconcile: boolean): Operation {
  return {
    text: reconcile ? 'collect garbage and reconcile' : 'collect garbage',
    predict: (registry) => registry,
    act: (subject) => subject.collect(reconcile),
  };
}

/** Whether an operation was rejected because something is not there; any other failure is thrown. */
export async function isRejected(acting: Promise<unknown>): Promise<boolean> {
  try {
    await acting;
    return false;
  } catch (error) {
    if (error instanceof RegistryError && error.code.endsWith('_UNKNOWN')) return true;
    throw error;
  }
}

function changed(registry: Registry, name: string, change: (repository: Repository) => Repository): Registry {
  return new Map([...registry, [name, change(repositoryOf(registry, name))]]);
}

function leased(content: string, subject: Subject): (repository: Repository) => Repository {
  return (repository) => withLease(repository, digestOf(content), subject.now() + subject.gracePeriod);
}
