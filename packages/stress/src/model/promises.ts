import type { TestBlob } from '@mcr/testkit';

/** What the registry has said about single blobs of a repository, beside those that its manifests reference. */
export class BlobPromises {
  readonly #until = new Map<string, number>();
  readonly #blobs = new Map<string, TestBlob>();
  readonly #gone = new Set<string>();

  /** The registry has said that the blob is there, and keeps it until a time, milliseconds since the epoch. */
  keep(blob: TestBlob, until: number): void {
    this.#gone.delete(blob.digest);
    this.#blobs.set(blob.digest, blob);
    this.#until.set(blob.digest, Math.max(until, this.#until.get(blob.digest) ?? 0));
  }

  /** Nothing holds for the blob any more: its deletion was asked for. */
  release(digest: string): void {
    this.#until.delete(digest);
  }

  /** The registry has said that the blob is not there any more. */
  deleted(digest: string): void {
    this.release(digest);
    this.#gone.add(digest);
  }

  /** Something was sent that makes the blob be there if it arrives. */
  mayReturn(digest: string): void {
    this.#gone.delete(digest);
  }

  /** The time of the promise is over, and nobody relies on it any more. */
  forget(digest: string): void {
    this.#until.delete(digest);
    this.#blobs.delete(digest);
  }

  /** Whether the blob must still be there at a time. */
  holds(digest: string, at: number): boolean {
    return (this.#until.get(digest) ?? 0) > at;
  }

  /** Every blob of which the registry ever said that it is there. */
  get blobs(): readonly TestBlob[] {
    return [...this.#blobs.values()];
  }

  /** Digests of blobs that must not be there. */
  get gone(): readonly string[] {
    return [...this.#gone];
  }
}
