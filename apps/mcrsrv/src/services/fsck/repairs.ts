import type { InspectedBlob, Page } from '@mcr/db';
import {
  inspectFile,
  type Mismatch,
  reasonAgainstQuarantine,
  reasonAgainstRemoval,
  surveyMismatch,
} from '../mismatch.ts';
import { allRows } from '../slice.ts';
import { type BlobDamage, examineBlob } from './examine-blob.ts';
import { type RepairOutcome, settled, unsettled } from './finding.ts';
import type { FsckParts } from './parts.ts';

/**
 * What can be done about blobs and their files beside a running server. It removes no file itself: what is not on record
 * goes through the trash, which a request that is about to record it finds.
 */
export class Repairs {
  readonly #parts: FsckParts;
  #mismatch: Promise<Mismatch> | undefined;

  constructor(parts: FsckParts) {
    this.#parts = parts;
  }

  /** Takes a blob out of service, unless its bytes were put right in this very moment. */
  async quarantine({ blob, damage, identity }: BlobDamage): Promise<RepairOutcome> {
    const { store, files, options } = this.#parts;
    const reason = options.quarantineMostBlobs ? undefined : reasonAgainstQuarantine(await this.#survey());
    if (reason !== undefined) return unsettled(`nothing: ${reason}; if it is not, add --quarantine-most-blobs`);
    await store.blobs.quarantine({ ...blob, damage, ...this.#change() });
    // A push has given the blob other bytes, and they are under another locator.
    const current = await store.blobs.findByDigest(blob.digest);
    if (current?.locator !== blob.locator) return settled('back in service');
    const state = await files.stat(blob.locator);
    if (state?.identity !== identity && (await examineBlob(this.#parts, blob, true)) === undefined) {
      return await this.release(blob);
    }
    return unsettled('taken out of service until it is pushed again');
  }

  async release(blob: InspectedBlob): Promise<RepairOutcome> {
    await this.#parts.store.blobs.release({ ...blob, ...this.#change() });
    return settled('back in service');
  }

  async review({ locator }: InspectedBlob): Promise<RepairOutcome> {
    const { store, clock, settings } = this.#parts;
    await store.inspection.reviewForgotten({ locator, reviewAfter: clock.now() + settings.gracePeriod });
    return settled('garbage collection will look at it after the grace period');
  }

  async trash(file: { readonly locator: string; readonly size: number }): Promise<RepairOutcome> {
    const { store, files, lost, options, clock } = this.#parts;
    const reason = lost.reasonToKeep(files.digestOf(file.locator));
    if (reason !== undefined) return unsettled(`nothing: ${reason}`);
    const objection = options.removeMostFiles ? undefined : reasonAgainstRemoval(await this.#survey());
    if (objection !== undefined) return unsettled(`nothing: ${objection}; if it is not, add --remove-most-files`);
    await store.gc.sweep({ ...file, kind: 'blob', now: clock.now() });
    return settled('the next garbage collection removes it');
  }

  /** One look at everything, before the first repair changes it. */
  #survey(): Promise<Mismatch> {
    const { store, files, clock, settings } = this.#parts;
    this.#mismatch ??= surveyMismatch({
      rows: allRows(
        (page: Page) => store.inspection.listBlobs(page),
        ({ locator }) => locator,
      ),
      files: files.list(),
      inspectLocator: inspectFile(store),
      sealedBefore: clock.now() - settings.gracePeriod,
    });
    return this.#mismatch;
  }

  #change() {
    return { actor: this.#parts.actor, now: this.#parts.clock.now() };
  }
}
