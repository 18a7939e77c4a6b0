import type { Page, RepositoryFigures } from '@mcr/db';
import { allRows } from '../slice.ts';
import { type Finding, settled } from './finding.ts';
import type { FsckParts } from './parts.ts';

const units: Readonly<Record<keyof RepositoryFigures, string>> = {
  totalSize: 'bytes',
  tagCount: 'tags',
  manifestCount: 'manifests',
  uniqueSize: 'bytes that no other repository has',
  uniqueBlobs: 'blobs that no other repository has',
};

/**
 * Compares all figures on record with what counting gives: of blobs, then of repositories, which rest on them, then of the
 * registry. Comes last, since other repairs change what there is to count.
 */
export async function* checkFigures(parts: FsckParts): AsyncGenerator<Finding, void> {
  yield* checkBlobs(parts);
  yield* checkRepositories(parts);
  yield* checkTotals(parts);
}

async function* checkBlobs({ store, progress }: FsckParts): AsyncGenerator<Finding, void> {
  const blobs = allRows(
    (page: Page) => store.inspection.compareReferenceCounts(page),
    ({ digest }) => digest,
  );
  for await (const { digest, kept, counted } of blobs) {
    progress();
    if (kept === counted) continue;
    const detail = `in ${kept} repositories on record, ${counted} counted`;
    yield {
      kind: 'figures-wrong',
      digest,
      detail,
      repair: countedAnew(() => store.inspection.recountReferences(digest)),
    };
  }
}

async function* checkRepositories({ store, examined, progress }: FsckParts): AsyncGenerator<Finding, void> {
  const repositories = allRows(
    (page: Page) => store.inspection.compareRepositories(page),
    ({ name }) => name,
  );
  for await (const { name: repository, kept, counted } of repositories) {
    examined.repositories += 1;
    progress();
    const figures = Object.keys(units) as (keyof RepositoryFigures)[];
    const wrong = figures.filter((figure) => kept[figure] !== counted[figure]);
    if (wrong.length === 0) continue;
    const detail = wrong
      .map((figure) => `${kept[figure]} ${units[figure]} on record, ${counted[figure]} counted`)
      .join('; ');
    const repair = countedAnew(() => store.inspection.recountRepository(repository));
    yield { kind: 'repository-size', repository, detail, repair };
  }
}

async function* checkTotals({ store }: FsckParts): AsyncGenerator<Finding, void> {
  const wrong = (await store.inspection.compareTotals()).filter(({ kept, counted }) => kept !== counted);
  if (wrong.length === 0) return;
  const detail = wrong
    .map(({ figure, kept, counted }) => `${figure}: ${kept} on record, ${counted} counted`)
    .join('; ');
  yield { kind: 'figures-wrong', detail, repair: countedAnew(() => store.inspection.recountTotals()) };
}

function countedAnew(recount: () => Promise<void>) {
  return async () => {
    await recount();
    return settled('counted anew');
  };
}
