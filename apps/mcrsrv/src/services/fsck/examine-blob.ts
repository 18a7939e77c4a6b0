import type { Damage, InspectedBlob } from '@mcr/db';
import { BlobMissing } from '@mcr/storage';
import { digestOfBytes } from '../blobs/digest-of-bytes.ts';
import type { FsckParts } from './parts.ts';

/** A blob that changes whenever one looks is in use, and so not lost. */
const maxLooks = 5;

/** What is wrong with the bytes of a blob. */
export interface BlobDamage {
  readonly damage: Damage;
  readonly detail: string;
  /** The blob as it is on record when its bytes were looked at last. */
  readonly blob: InspectedBlob;
  /** Names the state of the file; absent when there is none. */
  readonly identity?: string;
}

interface Look {
  readonly damage?: Damage;
  readonly detail: string;
  readonly identity?: string;
}

/**
 * Looks at a blob's bytes, and if they are damaged, looks again until row and file hold still: a push or a garbage
 * collection may be in between. `undefined` for bytes that are right, and for a blob that is gone.
 */
export async function examineBlob(
  parts: FsckParts,
  blob: InspectedBlob,
  deep: boolean,
): Promise<BlobDamage | undefined> {
  let look = await lookAt(parts, blob, deep);
  for (let looks = 1; look.damage !== undefined && looks < maxLooks; looks += 1) {
    if ((await current(parts, blob)) === undefined) return undefined;
    const state = await parts.files.stat(blob.locator);
    const stillThere = await current(parts, blob);
    if (stillThere === undefined) return undefined;
    if (state?.identity === look.identity) return { ...look, damage: look.damage, blob: stillThere };
    look = await lookAt(parts, blob, deep);
  }
  return undefined;
}

/** The blob as it is now. A row that is there before and after its file was looked at must have one: files come first and go last. */
async function current({ store }: FsckParts, { digest, locator }: InspectedBlob): Promise<InspectedBlob | undefined> {
  const { blob } = await store.inspection.findLocator(locator);
  return blob?.digest === digest ? blob : undefined;
}

async function lookAt(parts: FsckParts, blob: InspectedBlob, deep: boolean): Promise<Look> {
  const state = await parts.files.stat(blob.locator);
  if (state === undefined) return { damage: 'missing', detail: 'no file' };
  const { identity, size } = state;
  if (size !== blob.size) return { damage: 'size', detail: `${size} bytes instead of ${blob.size}`, identity };
  if (!deep) return { detail: '', identity };
  try {
    const actual = await digestOfBytes(parts.files, blob, (count) => {
      parts.examined.bytes += count;
      parts.progress();
    });
    return actual === blob.digest
      ? { detail: '', identity }
      : { damage: 'digest', detail: `its bytes have the digest ${actual}`, identity };
  } catch (error) {
    // It went while it was looked at; the identity of before makes sure that it is looked at again.
    if (error instanceof BlobMissing) return { damage: 'missing', detail: 'no file', identity: '' };
    return { damage: 'unreadable', detail: error instanceof Error ? error.message : String(error), identity };
  }
}
