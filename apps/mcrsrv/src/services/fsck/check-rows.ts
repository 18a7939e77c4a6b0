import type { DanglingKind } from '@mcr/db';
import { type Finding, settled } from './finding.ts';
import type { FsckParts } from './parts.ts';

/** More than that of a kind, and the database is to be restored, not read row by row. */
const maxDangling = 1_000;

/** What a row is for, in words. */
const descriptions: Readonly<Record<DanglingKind, string>> = {
  lease: 'a lease',
  review: 'a review',
  upload: 'an upload',
  child: 'an entry of an index',
  summary: 'what lists show of a manifest',
  reference: 'a reference to a blob',
  tag: 'a tag',
  manifest: 'a manifest',
};

/** Nothing depends on these: what they were for is not there. */
const removable: ReadonlySet<DanglingKind> = new Set(['lease', 'review', 'upload', 'child', 'summary']);

/** Finds leases, tags, references and other rows that point to nothing. */
export async function* checkRows({ store }: FsckParts): AsyncGenerator<Finding, void> {
  for (const { kind, row } of await store.inspection.listDangling(maxDangling)) {
    const detail = `${descriptions[kind]}: ${row}`;
    if (!removable.has(kind)) yield { kind: 'row-dangling', detail };
    else {
      const repair = async () => {
        await store.inspection.removeDangling();
        return settled('removed the row');
      };
      yield { kind: 'row-dangling', detail, repair };
    }
  }
}

/** Has the database check its own file. Only in depth: it reads all of it. */
export async function* checkDatabase({ store }: FsckParts): AsyncGenerator<Finding, void> {
  for (const detail of await store.inspection.checkIntegrity()) {
    yield { kind: 'database-damaged', detail };
  }
}
