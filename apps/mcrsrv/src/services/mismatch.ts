import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { InspectedLocator, MetadataStore } from '@mcr/db';
import type { StoredBlob } from '@mcr/storage';
import { type Match, matchFiles } from './match-files.ts';

/** Files looked at before other work gets its turn. */
const filesPerSlice = 50;

/** How far a database and the files of a store belong together. */
export interface Mismatch {
  /** Blobs with a file of their size. */
  readonly together: number;
  /** Files that could be removed because no blob has them. */
  readonly unknownFiles: number;
  /** Blobs in service without a file of their size. */
  readonly damagedBlobs: number;
}

interface Row {
  readonly locator: string;
  readonly size: number;
  readonly damage?: string;
}

export interface SurveyInput {
  /** In order of locator, as the files are. */
  readonly rows: AsyncIterable<Row>;
  readonly files: AsyncIterable<StoredBlob>;
  readonly inspectLocator: (locator: string) => Promise<Pick<InspectedLocator, 'blob'> & { readonly known: boolean }>;
  /** Files that were sealed later are left alone, milliseconds since the epoch. */
  readonly sealedBefore: number;
  readonly yieldLoop?: () => Promise<unknown>;
}

/**
 * Counts before anything is touched: an empty or foreign database knows few of the files, and an empty or foreign
 * directory has few of the blobs. Leftovers and damage are few beside what is whole.
 */
export async function surveyMismatch(input: SurveyInput): Promise<Mismatch> {
  const { rows, files, yieldLoop = () => yieldToOthers() } = input;
  const counts = { together: 0, unknownFiles: 0, damagedBlobs: 0 };
  let seen = 0;
  for await (const match of matchFiles(rows, files)) {
    const kind = await classify(input, match);
    if (kind !== undefined) counts[kind] += 1;
    seen += 1;
    if (seen % filesPerSlice === 0) await yieldLoop();
  }
  return counts;
}

/** What the database says of a file: in a bucket, a piece of an upload lies among the blobs, and is known as well. */
export function inspectFile({
  inspection,
  blobs,
}: Pick<MetadataStore, 'inspection' | 'blobs'>): SurveyInput['inspectLocator'] {
  return async (locator) => {
    const { blob, trashed } = await inspection.findLocator(locator);
    return { ...(blob !== undefined && { blob }), known: trashed || (await blobs.isLocatorUsed(locator)) };
  };
}

async function classify(input: SurveyInput, { row, file }: Match<Row>): Promise<keyof Mismatch | undefined> {
  if (row !== undefined && row.size === file?.size) return 'together';
  if (row !== undefined) return row.damage === undefined ? 'damagedBlobs' : undefined;
  if (file === undefined || file.sealedAt > input.sealedBefore) return undefined;
  const { blob, known } = await input.inspectLocator(file.locator);
  return blob === undefined && !known ? 'unknownFiles' : undefined;
}

/** Leftovers of crashes may be more than what is whole in a registry that is still small. */
const leftovers = 10;

/** Why no file may be removed: most of them are unknown. `undefined` when nothing speaks against it. */
export function reasonAgainstRemoval({ together, unknownFiles }: Mismatch): string | undefined {
  if (!isForeign(together, unknownFiles)) return undefined;
  return `${unknownFiles} files belong to no blob of this database, and ${together} do: it looks like the database of another registry, or an empty one`;
}

/** Why no blob may be taken out of service: most of them are damaged. `undefined` when nothing speaks against it. */
export function reasonAgainstQuarantine({ together, damagedBlobs }: Mismatch): string | undefined {
  if (!isForeign(together, damagedBlobs)) return undefined;
  return `${damagedBlobs} blobs have no file of their size, and ${together} do: it looks like the layers of another registry, or a disk that is not mounted`;
}

/** With nothing in common, even one is too many. */
function isForeign(together: number, apart: number): boolean {
  return together === 0 ? apart > 0 : apart > Math.max(together, leftovers);
}
