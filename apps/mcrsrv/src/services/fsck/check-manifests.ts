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
import { lostReferences } from '../lost-blobs.ts';
import { summaryOf } from '../manifests/platforms.ts';
import { allRows } from '../slice.ts';
import { type Finding, type RepairOutcome, settled, unsettled } from './finding.ts';
import type { FsckParts } from './parts.ts';
import { restoreReference } from './restore-reference.ts';

/** Few at a time, since a manifest may have 4 MiB. */
const manifestSlice = 16;

/** Compares every manifest with its digest, and the rows that were made of it with its content. */
export async function* checkManifests(parts: FsckParts): AsyncGenerator<Finding, void> {
  const { store, examined, progress, lost } = parts;
  let unread = 0;
  for await (const manifest of allRows(
    (page: Page<number>) => store.inspection.listManifests(page),
    ({ id }) => id,
    manifestSlice,
  )) {
    examined.manifests += 1;
    progress();
    const parsed = yield* readManifest(parts, manifest);
    if (parsed === undefined) unread += 1;
    else yield* checkRowsOf(parts, manifest, parsed);
  }
  lost.complete = unread === 0;
}

/** What a manifest says; nothing when its content is not what was pushed, of which nothing follows. */
function* readManifest(parts: FsckParts, manifest: InspectedManifest): Generator<Finding, ParsedManifest | undefined> {
  const { repository, digest, content, quarantined } = manifest;
  const actual = digestOf(content, digestAlgorithm(digest));
  if (actual !== digest) {
    const found = { repository, digest, detail: `its content has the digest ${actual}` };
    if (quarantined) yield { ...found, kind: 'manifest-quarantined' };
    else yield { ...found, kind: 'manifest-digest', repair: () => takeOut(parts, manifest) };
    return undefined;
  }
  if (quarantined) {
    const repair = () => release(parts, manifest);
    yield { kind: 'manifest-recovered', repository, digest, detail: 'its content is right', repair };
  }
  const parsed = parse(manifest);
  if (!(parsed instanceof RegistryError)) return parsed;
  yield { kind: 'manifest-unreadable', repository, digest, detail: parsed.message };
  return undefined;
}

async function takeOut({ store, actor, clock }: FsckParts, manifest: InspectedManifest): Promise<RepairOutcome> {
  const { repository, digest } = manifest;
  await store.manifests.quarantine({ repository, digest, actor, now: clock.now() });
  return unsettled('taken out of service until it is pushed again');
}

async function release({ store, actor, clock }: FsckParts, manifest: InspectedManifest): Promise<RepairOutcome> {
  const { repository, digest } = manifest;
  await store.manifests.release({ repository, digest, actor, now: clock.now() });
  return settled('back in service');
}

async function* checkRowsOf(
  parts: FsckParts,
  manifest: InspectedManifest,
  parsed: ParsedManifest,
): AsyncGenerator<Finding, void> {
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

type FieldPair = readonly [name: string, recorded: unknown, actual: unknown];

function* checkFields(parts: FsckParts, manifest: InspectedManifest, parsed: ParsedManifest): Generator<Finding, void> {
  const pairs: readonly FieldPair[] = [
    ['size', manifest.size, manifest.content.byteLength],
    ['artifact type', manifest.artifactType, parsed.artifactType],
    ['subject', manifest.subject, parsed.subject],
    ['children', sorted(manifest.children), sorted(parsed.children)],
    ...summaryPairs(manifest, parsed),
  ];
  const wrong = pairs.filter(([, recorded, actual]) => recorded !== actual).map(([name]) => name);
  if (wrong.length === 0) return;
  const { repository, digest } = manifest;
  const repair = async (): Promise<RepairOutcome> => {
    await parts.store.inspection.repairManifest({ ...rowsOf(manifest, parsed), blobs: [] });
    return settled('recorded anew what the content says');
  };
  yield { kind: 'manifest-fields', repository, digest, detail: `not as its content says: ${wrong.join(', ')}`, repair };
}

/** What is kept for lists, where it is filled in. The platform of an image is what its config says, not its content. */
function summaryPairs({ summary }: InspectedManifest, parsed: ParsedManifest): readonly FieldPair[] {
  if (summary === undefined) return [];
  const texts = (value: unknown) => JSON.stringify(value);
  const platforms = parsed.platforms ?? summary.platforms;
  return [
    ['annotations', texts(summary.annotations), texts(parsed.annotations)],
    ['config media type', summary.configMediaType, parsed.configMediaType],
    ['platforms', texts(summary.platforms), texts(platforms)],
  ];
}

function sorted(digests: readonly string[]): string {
  return digests.toSorted().join(' ');
}

async function* checkReferences(
  parts: FsckParts,
  manifest: InspectedManifest,
  parsed: ParsedManifest,
): AsyncGenerator<Finding, void> {
  const { repository, digest, blobs } = manifest;
  const { lost, deleted } = await lostReferences(parts.store, manifest, parsed);
  for (let n = 0; n < deleted; n += 1) parts.note('blob-deleted');
  for (const blob of lost) {
    parts.lost.add(blob);
    const repair = () => restoreReference(parts, rowsOf(manifest, parsed), blob);
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
      await parts.store.manifests.stat(repository, parseReference(digest));
      return true;
    } catch (error) {
      if (error instanceof RegistryError && error.code !== 'UNAVAILABLE') return false;
      throw error;
    }
  };
  for (const child of parsed.children) if (!(await isHere(child))) parts.note('child-absent');
  if (parsed.subject !== undefined && !(await isHere(parsed.subject))) parts.note('subject-absent');
}

function rowsOf({ repository, digest, content }: InspectedManifest, parsed: ParsedManifest) {
  const { artifactType, subject, children } = parsed;
  return {
    repository,
    digest,
    size: content.byteLength,
    ...(artifactType !== undefined && { artifactType }),
    ...(subject !== undefined && { subject }),
    children,
    summary: summaryOf(parsed, parsed.platforms),
  };
}
