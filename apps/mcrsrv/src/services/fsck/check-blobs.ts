import type { Damage, InspectedBlob, Page } from '@mcr/db';
import type { StoredBlob } from '@mcr/storage';
import { matchFiles } from '../match-files.ts';
import { allRows } from '../slice.ts';
import { type BlobDamage, examineBlob } from './examine-blob.ts';
import type { Finding } from './finding.ts';
import type { FindingKind } from './kinds.ts';
import type { FsckParts } from './parts.ts';
import type { Repairs } from './repairs.ts';

/** As many as help a person to find out what is affected. */
const maxNamed = 3;

const kindOf: Readonly<Record<Damage, FindingKind>> = {
  missing: 'blob-missing',
  size: 'blob-size',
  digest: 'blob-digest',
  unreadable: 'blob-unreadable',
};

/** Compares every blob with its file, and every file with the blob that has it. */
export async function* checkBlobs(parts: FsckParts, repairs: Repairs): AsyncGenerator<Finding, void> {
  const { store, files, examined, progress } = parts;
  const rows = allRows(
    (page: Page) => store.inspection.listBlobs(page),
    ({ locator }) => locator,
  );
  for await (const { row, file } of matchFiles(rows, files.list())) {
    progress();
    if (file !== undefined) examined.files += 1;
    if (row !== undefined) examined.blobs += 1;
    if (row !== undefined) yield* checkBlob(parts, repairs, row, file);
    else if (file !== undefined) yield* checkUnknownFile(parts, repairs, file);
  }
}

async function* checkBlob(
  parts: FsckParts,
  repairs: Repairs,
  blob: InspectedBlob,
  file: StoredBlob | undefined,
): AsyncGenerator<Finding, void> {
  const { digest } = blob;
  const inDepth = parts.options.deep || blob.damage !== undefined;
  const damage = !inDepth && file?.size === blob.size ? undefined : await examineBlob(parts, blob, inDepth);
  if (damage !== undefined) yield await describe(parts, repairs, damage);
  else if (blob.damage !== undefined && (await isQuarantined(parts, blob))) {
    yield { kind: 'blob-recovered', digest, detail: 'its file is right', repair: () => repairs.release(blob) };
  }
  if (blob.forgotten && (await isForgotten(parts, blob))) {
    yield { kind: 'blob-forgotten', digest, detail: `${blob.size} bytes`, repair: () => repairs.review(blob) };
  }
}

async function describe(parts: FsckParts, repairs: Repairs, found: BlobDamage): Promise<Finding> {
  const { blob, damage } = found;
  const { digest } = blob;
  const detail = `${found.detail}; ${await namesOfUsers(parts, blob)}`;
  if (blob.damage !== undefined) return { kind: 'blob-quarantined', digest, detail };
  return { kind: kindOf[damage], digest, detail, repair: () => repairs.quarantine(found) };
}

async function namesOfUsers({ store }: FsckParts, { digest }: InspectedBlob): Promise<string> {
  const users = await store.inspection.listReferences(digest, maxNamed + 1);
  if (users.length === 0) return 'no manifest references it';
  const names = users.slice(0, maxNamed).map((user) => `${user.repository}@${user.digest}`);
  return `needed by ${names.join(', ')}${users.length > maxNamed ? ' and others' : ''}`;
}

async function isQuarantined({ store }: FsckParts, { locator }: InspectedBlob): Promise<boolean> {
  return (await store.inspection.findLocator(locator)).blob?.damage !== undefined;
}

async function isForgotten({ store }: FsckParts, { locator }: InspectedBlob): Promise<boolean> {
  return (await store.inspection.findLocator(locator)).blob?.forgotten === true;
}

async function* checkUnknownFile(
  parts: FsckParts,
  repairs: Repairs,
  { locator, size, sealedAt }: StoredBlob,
): AsyncGenerator<Finding, void> {
  const { clock, settings, note } = parts;
  if (sealedAt > clock.now() - settings.gracePeriod) return note('file-young');
  const before = await parts.files.stat(locator);
  const { blob, trashed } = await parts.store.inspection.findLocator(locator);
  if (trashed) return note('file-trashed');
  if (blob === undefined && (await parts.store.blobs.isLocatorUsed(locator))) return note('upload-open');
  // A push that is about to make it a blob gives it another time first, and what is collected goes after its row.
  const after = await parts.files.stat(locator);
  if (blob !== undefined || after === undefined || after.identity !== before?.identity) return;
  const detail = `${size} bytes, sealed ${new Date(sealedAt).toISOString()}`;
  yield { kind: 'file-unknown', locator, detail, repair: () => repairs.trash({ locator, size }) };
}
