import { isRepositoryName, parseRepositoryName, type RepositoryName, timeSlices } from '@mcr/core';
import type { ServiceContext } from '../context.ts';

/** Names that are looked at for a text within them, however few have it: some milliseconds, in slices. */
const maxLooks = 20_000;
const readAtOnce = 1_000;

interface Options {
  readonly limit: number;
  readonly mayPull: (name: RepositoryName) => boolean;
}

interface RepositoryHit {
  readonly kind: 'repository';
  readonly repository: RepositoryName;
}

/**
 * Repositories whose names contain the text: the one of this name first, then names that begin so, then those of which a component
 * begins so, then others, each in the order of names. The first two are found by index, the others among the first 20,000 names.
 */
export async function findRepositories(
  { store }: Pick<ServiceContext, 'store'>,
  text: string,
  { limit, mayPull }: Options,
): Promise<readonly RepositoryHit[]> {
  if (text === '') return [];
  const found = new Set<RepositoryName>();
  const add = (name: RepositoryName): void => {
    if (found.size < limit && mayPull(name)) found.add(name);
  };
  if (isRepositoryName(text)) {
    const name = parseRepositoryName(text);
    if (await exists(store, name)) add(name);
  }
  for (const name of await store.repositories.list({ after: text, limit: readAtOnce })) {
    if (!name.startsWith(text)) break;
    add(name);
  }
  const others: RepositoryName[] = [];
  const nextStep = timeSlices();
  let after: RepositoryName | undefined;
  for (let looks = 0; looks < maxLooks && found.size < limit; looks += readAtOnce) {
    const names = await store.repositories.list({ ...(after !== undefined && { after }), limit: readAtOnce });
    for (const name of names) {
      await nextStep();
      if (name.includes(`/${text}`)) add(name);
      else if (others.length < limit && name.includes(text) && mayPull(name)) others.push(name);
    }
    after = names.at(-1);
    if (names.length < readAtOnce) break;
  }
  for (const name of others) add(name);
  return [...found].map((repository) => ({ kind: 'repository', repository }));
}

async function exists({ repositories }: ServiceContext['store'], name: RepositoryName): Promise<boolean> {
  return await repositories.getSummary(name).then(
    () => true,
    () => false,
  );
}
