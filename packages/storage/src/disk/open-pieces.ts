import type { Locator, UploadPiece } from '../blob-store.ts';

/** More uploads than are open at a time; an upload beyond these goes on with a new piece. */
const maxOpen = 4_096;

/**
 * Pieces that this process wrote and may write on: each has one writer at most. What is not in here is never written
 * again, so a restart, a failure and a second writer begin new pieces.
 */
export class OpenPieces {
  /** Whether pieces are written on at all. */
  readonly extend: boolean;
  readonly #sizes = new Map<Locator, number>();
  readonly #written = new Set<Locator>();

  constructor(extend: boolean) {
    this.extend = extend;
  }

  /** Adds a new piece. */
  add(locator: Locator, size: number): void {
    if (!this.extend) return;
    this.#sizes.set(locator, size);
    const oldest = this.#sizes.keys().next();
    if (this.#sizes.size > maxOpen && !oldest.done) this.#sizes.delete(oldest.value);
  }

  /** Makes the caller the writer of a piece; whether it may be written on behind this size. */
  take({ locator, size }: UploadPiece): boolean {
    if (this.#sizes.get(locator) !== size) return false;
    this.#sizes.delete(locator);
    this.#written.add(locator);
    return true;
  }

  /** Ends what {@link take} began, with the size that the file has then; `undefined` for a piece that must stay as it is. */
  giveBack(locator: Locator, size: number | undefined): void {
    if (this.#written.delete(locator) && size !== undefined) this.add(locator, size);
  }

  /** From now on the piece stays as it is; `false` when it is being written at this moment. */
  end(locator: Locator): boolean {
    this.#sizes.delete(locator);
    return !this.#written.has(locator);
  }
}
