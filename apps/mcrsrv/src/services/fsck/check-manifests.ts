import {
  type Digest,
  digestAlgorithm,
  digestOf,
  type ParsedManifest,
  parseManifest,
  parseReference,
  RegistryError,
} from '@mcr/core';
import type { InspectedManifest, Page } from '@mcr/db';
import { allRows } from '../all-rows.ts';
import { type Finding, type RepairOutcome, settled, unsettled } from './finding.ts';
import type { FsckParts } from './parts.ts';

/** Few at a time, since a manifest may have 4 MiB. */
const manifestSlice = 16;

/** Compares every manifest with its digest, and the rows that were made of it with its content. */
export async function* checkManifests(parts: FsckParts): AsyncGenerator<Finding, void> {
  const { store, examined, progress } = parts;
  for await (const manifest of allRows(
    (page: Page<number>) => store.inspectManifests(page),
    ({ id }) => id,
    manifestSlice,
  )) {
    examined.manifests += 1;
    progress();
    yield* checkManifest(parts, manifest);
  }
}

async function* checkManifest(parts: FsckParts, manifest: InspectedManifest): AsyncGenerator<Finding, void> {
  const { repository, digest, content } = manifest;
  const actual = digestOf(content, digestAlgorithm(digest));
  // Of content that is not what was pushed nothing follows.
  if (actual !== digest) {
    yield { kind: 'manifest-digest', repository, digest, detail: `its content has the digest ${actual}` };
    return;
  }
  const parsed = parse(manifest);
  if (parsed instanceof RegistryError) {
    yield { kind: 'manifest-unreadable', repository, digest, detail: parsed.message };
    return;
  }
  yield* checkFields(parts, manifest, parsed);
  yield* checkReferences(parts, manifest, parsed);
  await noteAbsentManifests(parts, manifest, parsed);
}

function parse({ content, mediaType }: InspectedManifest): ParsedManifest | RegistryError {
  try {
    return parseManifest(content, mediaType);
  } catch (error) {
    if (error instanceof RegistryError) return error;
    throw error;
  }
}

function* checkFields(parts: FsckParts, manifest: InspectedManifest, parsed: ParsedManifest): Generator<Finding, void> {
  const pairs: readonly (readonly [name: string, recorded: unknown, actual: unknown])[] = [
    ['size', manifest.size, manifest.content.byteLength],
    ['artifact type', manifest.artifactType, parsed.artifactType],
    ['subject', manifest.subject, parsed.subject],
    ['children', sorted(manifest.children), sorted(parsed.children)],
  ];
  const wrong = pairs.filter(([, recorded, actual]) => recorded !== actual).map(([name]) => name);
  if (wrong.length === 0) return;
  const { repository, digest } = manifest;
  const repair = async (): Promise<RepairOutcome> => {
    await parts.store.repairManifest({ ...rowsOf(manifest, parsed), blobs: [] });
    return settled('recorded anew what the content says');
  };
  yield { kind: 'manifest-fields', repository, digest, detail: `not as its content says: ${wrong.join(', ')}`, repair };
}

function sorted(digests: readonly string[]): string {
  return digests.toSorted().join(' ');
}

async function* checkReferences(
  { store, note }: FsckParts,
  manifest: InspectedManifest,
  parsed: ParsedManifest,
): AsyncGenerator<Finding, void> {
  const { repository, digest, blobs } = manifest;
  const onRecord = new Set(blobs);
  for (const blob of parsed.blobs) {
    if (onRecord.has(blob)) continue;
    if (await store.wasBlobDeleted(repository, blob)) {
      note('blob-deleted');
      continue;
    }
    const repair = async (): Promise<RepairOutcome> => {
      const restored = await store.repairManifest({ ...rowsOf(manifest, parsed), blobs: [blob] });
      return restored.length > 0 ? settled('references it again') : unsettled('there is no such blob; push it again');
    };
    yield { kind: 'reference-missing', repository, digest, detail: `it names ${blob}`, repair };
  }
  const named = new Set<Digest>([...parsed.blobs, ...parsed.optionalBlobs]);
  for (const blob of blobs) {
    if (named.has(blob)) continue;
    yield { kind: 'reference-unknown', repository, digest, detail: `it does not name ${blob}` };
  }
}

/** Indexes may be sparse, and a subject may come later, or never. */
async function noteAbsentManifests(parts: FsckParts, { repository }: InspectedManifest, parsed: ParsedManifest) {
  const isHere = async (digest: string): Promise<boolean> => {
    try {
      await parts.store.statManifest(repository, parseReference(digest));
      return true;
    } catch (error) {
      if (error instanceof RegistryError && error.code !== 'UNAVAILABLE') return false;
      throw error;
    }
  };
  for (const child of parsed.children) if (!(await isHere(child))) parts.note('child-absent');
  if (parsed.subject !== undefined && !(await isHere(parsed.subject))) parts.note('subject-absent');
}

function rowsOf(
  { repository, digest, content }: InspectedManifest,
  { artifactType, subject, children }: ParsedManifest,
) {
  return {
    repository,
    digest,
    size: content.byteLength,
    ...(artifactType !== undefined && { artifactType }),
    ...(subject !== undefined && { subject }),
    children,
  };
}
