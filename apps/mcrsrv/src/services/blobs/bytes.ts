import type { Clock } from '@mcr/core';
import type { BlobRecord, Damage, MetadataStore } from '@mcr/db';
import { BlobMissing, type BlobStore, type ByteSpan, type OpenBlob } from '@mcr/storage';
import type { Logger } from 'pino';

interface Parts {
  readonly store: MetadataStore;
  readonly blobs: BlobStore;
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Opens the bytes of a blob. `undefined` when they are damaged: gone, of another size, or not readable. Such a blob is
 * taken out of service until it is pushed again, also when its bytes turn out damaged only while they are read. `span` is
 * what will be read, by default everything.
 */
export async function openBytes(parts: Parts, record: BlobRecord, span?: ByteSpan): Promise<OpenBlob | undefined> {
  const onFailure = (error: unknown) => {
    if (isDamage(error)) void takeOut(parts, record, error);
  };
  try {
    return await parts.blobs.open(record.locator, record.size, { onFailure, ...(span !== undefined && { span }) });
  } catch (error) {
    if (!isDamage(error)) throw error;
    await takeOut(parts, record, error);
    return undefined;
  }
}

/**
 * Logs, and marks the blob if its bytes still are what they were. A push or a collection may have come in between: then the
 * row is gone, or has another locator, and is left alone.
 */
async function takeOut(parts: Parts, record: BlobRecord, error: unknown): Promise<void> {
  const { store, blobs, clock, log } = parts;
  const { digest, locator } = record;
  try {
    const damage = isUnreadable(error) ? 'unreadable' : await damageOf(parts, record);
    if (damage === undefined || !(await store.blobs.isLocatorUsed(locator))) return;
    // A disk that is gone as a whole is not the fault of each blob on it.
    await blobs.check();
    const marked = await store.blobs.quarantine({ digest, locator, damage, actor: {}, now: clock.now() });
    if (marked) log.error({ err: error, digest, locator, damage }, 'blob bytes are damaged, it is out of service');
  } catch (cause) {
    log.error({ err: cause, digest, locator }, 'blob bytes are damaged, and it could not be taken out of service');
  }
}

/** What is wrong with bytes that are not open; `undefined` when they are there in their size. */
async function damageOf({ blobs }: Pick<Parts, 'blobs'>, record: BlobRecord): Promise<Damage | undefined> {
  try {
    await (await blobs.open(record.locator, record.size)).close();
    return undefined;
  } catch (error) {
    if (!(error instanceof BlobMissing)) throw error;
    return error.found === undefined ? 'missing' : 'size';
  }
}

/** Whether an error says that a blob's own bytes are gone, cut short, or not readable. */
export function isDamage(error: unknown): boolean {
  return error instanceof BlobMissing || isUnreadable(error);
}

/** The disk could not give back what it was given; what translates errors keeps the original as the cause. */
function isUnreadable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && error.code === 'EIO') || isUnreadable(error.cause);
}
