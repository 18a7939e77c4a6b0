import type { Digest } from '@mcr/core';
import type { ManifestRepair } from '@mcr/db';
import { digestOfBytes } from '../blobs/digest-of-bytes.ts';
import { type RepairOutcome, settled, unsettled } from './finding.ts';
import type { FsckParts } from './parts.ts';

/** Has a manifest reference a blob again, whose row, if it is lost as well, is made anew of a file with its bytes. */
export async function restoreReference(
  parts: FsckParts,
  rows: Omit<ManifestRepair, 'blobs'>,
  blob: Digest,
): Promise<RepairOutcome> {
  const reference = async () => (await parts.store.inspection.repairManifest({ ...rows, blobs: [blob] })).length > 0;
  if (await reference()) return settled('references it again');
  if ((await restoreBlob(parts, blob)) && (await reference())) return settled('made it anew of its file');
  return unsettled('there is neither such a blob nor a file with its bytes; push it again');
}

/** Whether there is such a blob now. A collection that removes the file meanwhile leaves one that is found to be missing. */
async function restoreBlob(parts: FsckParts, digest: Digest): Promise<boolean> {
  for (const locator of await parts.files.locatorsOf(digest)) {
    if (await restoreFrom(parts, digest, locator)) return true;
  }
  return false;
}

async function restoreFrom(parts: FsckParts, digest: Digest, locator: string): Promise<boolean> {
  const { store, files, examined, progress, actor, clock, settings } = parts;
  const state = await files.stat(locator);
  if (state === undefined) return false;
  const blob = { digest, locator, size: state.size };
  const onBytes = (count: number) => {
    examined.bytes += count;
    progress();
  };
  const actual = await digestOfBytes(files, blob, onBytes).catch((error: unknown) => error);
  if (actual !== digest) return false;
  const now = clock.now();
  await store.inspection.restoreBlob({ ...blob, reviewAfter: now + settings.gracePeriod, actor, now });
  return (await files.stat(locator)) !== undefined;
}
