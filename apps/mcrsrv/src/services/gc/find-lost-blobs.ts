import { hasDigest, type ParsedManifest, parseManifest, RegistryError } from '@mcr/core';
import type { InspectedManifest, Page } from '@mcr/db';
import { LostBlobs, lostReferences } from '../lost-blobs.ts';
import { allRows } from '../slice.ts';
import type { Run } from './parts.ts';

/** Few at a time, since a manifest may have 4 MiB. */
const manifestSlice = 4;

/** Reads every manifest for blobs that it names and whose rows were lost. */
export async function findLostBlobs({ parts: { store }, yieldLoop }: Run): Promise<LostBlobs> {
  const found = new LostBlobs();
  found.complete = true;
  const read = async (page: Page<number>) => {
    await yieldLoop();
    return await store.inspection.listManifests(page);
  };
  for await (const manifest of allRows(read, ({ id }) => id, manifestSlice)) {
    const parsed = parse(manifest);
    if (parsed === undefined) found.complete = false;
    else for (const digest of (await lostReferences(store, manifest, parsed)).lost) found.add(digest);
  }
  return found;
}

/** Nothing follows of content that is not what was pushed. */
function parse({ digest, content, mediaType }: InspectedManifest): ParsedManifest | undefined {
  if (!hasDigest(content, digest)) return undefined;
  try {
    return parseManifest(content, mediaType);
  } catch (error) {
    if (error instanceof RegistryError) return undefined;
    throw error;
  }
}
