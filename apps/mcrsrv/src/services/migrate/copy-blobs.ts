import { createHash, randomUUID } from 'node:crypto';
import { type Digest, digestAlgorithm, digestHex, parseDigest } from '@mcr/core';
import { findMoved, type MovingDatabase, recordMoved } from '@mcr/db';
import type { BlobInspector, BlobStore, OpenBlob } from '@mcr/storage';
import pLimit from 'p-limit';
import { isDamage } from '../blobs/bytes.ts';
import type { Pace } from './pace.ts';

/** Blobs whose rows are read at a time. */
const rowsAtOnce = 500;

/** A blob of the source, as its row says. */
interface BlobRow {
  readonly digest: string;
  readonly size: number;
  readonly locator: string;
  readonly damage: string | null;
}

/** How far the bytes have come. */
export interface CopiedBlobs {
  /** Of the source, as it was at the beginning. */
  readonly totalBlobs: number;
  readonly totalBytes: number;
  /** In the target, also from an earlier run. */
  blobs: number;
  bytes: number;
  /** Bytes that this run has copied. */
  copiedBytes: number;
  /** Digests of blobs whose bytes in the source are damaged, other than those in quarantine. */
  readonly damaged: string[];
}

/** What the bytes are copied with. */
export interface CopyBlobsInput {
  readonly source: MovingDatabase;
  readonly from: BlobInspector;
  readonly target: MovingDatabase;
  readonly to: BlobStore;
  /** Blobs that are copied at the same time. */
  readonly parallel: number;
  readonly pace: Pace;
  readonly onProgress: (copied: Readonly<CopiedBlobs>) => void;
  /** Throws when the target has no room for so many bytes. */
  readonly assertRoom: (bytes: number) => void;
}

/**
 * Copies the bytes of every blob that the target does not have yet, in order of locator, beside a server of the source. Their digest
 * is computed while they are read, and each is on record in the target once it is durable there. Blobs that are deleted meanwhile are
 * left out; those that are damaged are in the result, and the others are copied nevertheless.
 */
export async function copyBlobs(input: CopyBlobsInput): Promise<Readonly<CopiedBlobs>> {
  const copied = await totalsOf(input.source);
  input.assertRoom(copied.totalBytes - (await movedBytes(input.target)));
  const limit = pLimit(input.parallel);
  let after = '';
  for (;;) {
    const rows = await rowsAfter(input.source, after);
    const last = rows.at(-1);
    if (last === undefined) return copied;
    const missing = await withoutMoved(input, rows, copied);
    try {
      await limit.map(missing, (row) => copyOne(input, row, copied));
    } finally {
      limit.clearQueue();
    }
    after = last.locator;
  }
}

async function totalsOf(source: MovingDatabase): Promise<CopiedBlobs> {
  const text = 'SELECT count(*) AS blobs, coalesce(sum(size), 0) AS bytes FROM blobs WHERE damage IS NULL';
  const [found] = await source.read((session) => session.query<{ blobs: number; bytes: number }>(text));
  return {
    totalBlobs: found?.blobs ?? 0,
    totalBytes: found?.bytes ?? 0,
    blobs: 0,
    bytes: 0,
    copiedBytes: 0,
    damaged: [],
  };
}

async function movedBytes(target: MovingDatabase): Promise<number> {
  const text = 'SELECT coalesce(sum(size), 0) AS bytes FROM moved_blobs';
  return (await target.read((session) => session.query<{ bytes: number }>(text)))[0]?.bytes ?? 0;
}

async function rowsAfter(source: MovingDatabase, after: string): Promise<readonly BlobRow[]> {
  const text = `SELECT digest, size, locator, damage FROM blobs WHERE locator > $1 ORDER BY locator LIMIT ${rowsAtOnce}`;
  return await source.read((session) => session.query<BlobRow>(text, [after]));
}

async function withoutMoved(
  { target }: CopyBlobsInput,
  rows: readonly BlobRow[],
  copied: CopiedBlobs,
): Promise<readonly BlobRow[]> {
  const digests = rows.map(({ digest }) => digest);
  const moved = await target.read((session) => findMoved(session, digests));
  for (const { digest, size, damage } of rows) {
    if (damage !== null || moved.get(digest)?.size !== size) continue;
    copied.blobs += 1;
    copied.bytes += size;
  }
  return rows.filter(({ digest, size }) => moved.get(digest)?.size !== size);
}

async function copyOne(input: CopyBlobsInput, row: BlobRow, copied: CopiedBlobs): Promise<void> {
  const digest = parseDigest(row.digest);
  const locator = await copyBytes(input, { ...row, digest }, copied);
  if (locator !== undefined) {
    await recordMoved(input.target, { digest, size: row.size, locator });
    if (row.damage === null) copied.blobs += 1;
    if (row.damage === null) copied.bytes += row.size;
  } else if (row.damage === null && (await isStillThere(input.source, row))) {
    copied.damaged.push(digest);
  }
  input.onProgress(copied);
}

/** Where the bytes lie in the target; `undefined` when the source does not have them, or has others. */
async function copyBytes(
  { from, to, pace, onProgress }: CopyBlobsInput,
  { digest, size, locator }: BlobRow & { readonly digest: Digest },
  copied: CopiedBlobs,
): Promise<string | undefined> {
  const opened = await from.open(locator, size).catch(ifDamaged);
  if (opened === undefined) return undefined;
  const hash = createHash(digestAlgorithm(digest));
  const upload = randomUUID();
  let failure: unknown;
  async function* bytes(blob: OpenBlob): AsyncGenerator<Uint8Array, void, void> {
    try {
      for await (const chunk of blob.stream()) {
        hash.update(chunk);
        copied.copiedBytes += chunk.length;
        onProgress(copied);
        await pace.spend(chunk.length);
        yield chunk;
      }
    } catch (error) {
      failure = error;
      throw error;
    }
  }
  const { piece, error } = await to.append(upload, bytes(opened), { keeps: () => false });
  if (error !== undefined || failure !== undefined) return ifDamaged(failure ?? error);
  const pieces = piece === undefined ? [] : [piece];
  const isWhole = (piece?.size ?? 0) === size && hash.digest('hex') === digestHex(digest);
  const sealed = isWhole ? await to.seal(pieces, digest, size, { verified: true }) : undefined;
  if (piece !== undefined && piece.locator !== sealed?.locator) await to.remove(piece.locator);
  return sealed?.locator;
}

/** Nothing for bytes that are gone, cut short, or not readable; other errors are thrown. */
function ifDamaged(error: unknown): undefined {
  if (isDamage(error)) return undefined;
  throw error;
}

/** Whether the source has the blob at this locator now: a collection or a push may have come in between. */
async function isStillThere(source: MovingDatabase, { digest, locator }: BlobRow): Promise<boolean> {
  const text = 'SELECT 1 AS one FROM blobs WHERE digest = $1 AND locator = $2 AND damage IS NULL';
  return (await source.read((session) => session.query(text, [digest, locator]))).length > 0;
}
