import type { Digest, ParsedManifest } from '@mcr/core';
import type { InspectedManifest, MetadataStore } from '@mcr/db';

/** Blobs that a manifest names without being on record to reference them. */
export interface LostReferences {
  readonly lost: readonly Digest[];
  /** How many more were deleted by request since the manifest was pushed last, and are not missed. */
  readonly deleted: number;
}

/** Compares the blobs that a manifest names with those that it is on record to reference. */
export async function lostReferences(
  store: MetadataStore,
  { repository, digest: manifest, blobs }: InspectedManifest,
  parsed: ParsedManifest,
): Promise<LostReferences> {
  const onRecord = new Set(blobs);
  const lost: Digest[] = [];
  let deleted = 0;
  for (const digest of parsed.blobs) {
    if (onRecord.has(digest)) continue;
    if (await store.inspection.wasBlobDeleted({ repository, digest, manifest })) deleted += 1;
    else lost.push(digest);
  }
  return { lost, deleted };
}

/** Blobs that manifests need and have lost: files with their bytes may be the last ones, whatever the rows say. */
export class LostBlobs {
  readonly #digests = new Set<string>();
  /** Set once every manifest was read; unset while one of them could be anything. */
  complete = false;

  add(digest: Digest): void {
    this.#digests.add(digest);
  }

  /** Why a file of this digest must stay. `undefined` when no manifest needs it, or it is of no digest at all. */
  reasonToKeep(digest: Digest | undefined): string | undefined {
    if (digest === undefined) return undefined;
    if (this.#digests.has(digest)) return 'a manifest names it; push it again';
    return this.complete ? undefined : 'a manifest that could not be read may need it';
  }
}
