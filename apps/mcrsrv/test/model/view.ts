import { digestOf } from '@mcr/core';
import { isWhole } from '../gc/_registry.ts';
import type { Model } from './model.ts';
import type { Real } from './real.ts';
import { repositories, texts } from './universe.ts';

/** What clients see of a repository. */
interface RepositoryView {
  readonly manifests: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** The blobs that can be pulled whole. */
  readonly blobs: readonly string[];
}

/** Everything that clients see. */
export type View = Readonly<Record<string, RepositoryView>>;

const page = { limit: 100 };

/** What clients of the model see. */
export function viewOfModel(model: Model, now: number): View {
  return Object.fromEntries(
    repositories.map((repository) => [
      repository,
      {
        manifests: model.manifestsOf(repository),
        tags: Object.fromEntries(model.tagsOf(repository)),
        blobs: texts.filter((text) => model.has(repository, digestOf(text), now)),
      },
    ]),
  );
}

/** What clients of the registry see, every byte read. A blob whose bytes are not right is none. */
export async function viewOfReal({ registry }: Real): Promise<View> {
  const { store } = registry.services;
  const known = new Set<string>(await store.repositories.list(page));
  const view: Record<string, RepositoryView> = {};
  for (const repository of repositories) {
    const isKnown = known.has(repository);
    const tags = isKnown ? await store.tags.listRecords(repository, page) : [];
    const manifests = isKnown ? await store.manifests.list(repository, page) : [];
    const blobs: string[] = [];
    for (const text of texts) if (await isWhole(registry, repository, digestOf(text))) blobs.push(text);
    view[repository] = {
      manifests: manifests.map(({ digest }) => digest),
      tags: Object.fromEntries(tags.map(({ name, digest }) => [name, digest])),
      blobs,
    };
  }
  return view;
}
