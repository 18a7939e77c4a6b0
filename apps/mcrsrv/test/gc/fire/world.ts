import type { TestImage, TestManifest } from '@mcr/testkit';

/** A manifest that was pushed, as far as the writers know. */
export interface Pushed {
  readonly repository: string;
  readonly manifest: TestManifest;
  readonly image?: TestImage;
}

export interface WorldOptions {
  readonly images: readonly TestImage[];
  /** Milliseconds for which an answer that spares an upload is good for sure: half the grace period. */
  readonly promise: number;
}

/** What all clients of a run share: what there is to push, what they know of each other, and what they saw. */
export class World {
  readonly images: readonly TestImage[];
  readonly promise: number;
  readonly repositories = ['fire/one', 'fire/two', 'fire/three', 'fire/deep/er/four', 'five'];
  readonly tags = ['latest', 'v1', 'v2', 'v3'];
  readonly pushed: Pushed[] = [];
  /** Images whose manifests were deleted a moment ago, newest first. */
  readonly deleted: TestImage[] = [];
  readonly counts = new Map<string, number>();
  readonly violations: string[] = [];
  readonly #deletions = new Map<string, number>();

  constructor({ images, promise }: WorldOptions) {
    this.images = images;
    this.promise = promise;
  }

  count(what: string): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + 1);
  }

  violate(what: string): void {
    this.violations.push(`${new Date().toISOString()} ${what}`);
  }

  /** Marks that a deletion begins or ends: what overlaps with it may fail without being anybody's fault. */
  noteDeletion(repository: string, digest = ''): void {
    const key = `${repository} ${digest}`;
    this.#deletions.set(key, (this.#deletions.get(key) ?? 0) + 1);
  }

  /** How many deletions of the repository, or of the manifest in it, have begun or ended. */
  deletions(repository: string, digest?: string): number {
    const ofRepository = this.#deletions.get(`${repository} `) ?? 0;
    return digest === undefined ? ofRepository : ofRepository + (this.#deletions.get(`${repository} ${digest}`) ?? 0);
  }

  /** Whether a deletion of the repository is under way. */
  isDeleting(repository: string): boolean {
    return this.deletions(repository) % 2 === 1;
  }

  remember(pushed: Pushed): void {
    this.pushed.push(pushed);
  }

  /** Takes a manifest out of what is known; `undefined` when there is none. */
  take(at: number): Pushed | undefined {
    return this.pushed.splice(at, 1)[0];
  }

  forgetRepository(repository: string): void {
    for (let at = this.pushed.length - 1; at >= 0; at -= 1) {
      if (this.pushed[at]?.repository === repository) this.#bury(this.pushed.splice(at, 1)[0]);
    }
  }

  bury({ image }: Pushed): void {
    if (image !== undefined) this.deleted.unshift(image);
    this.deleted.length = Math.min(this.deleted.length, 10);
  }

  #bury(pushed: Pushed | undefined): void {
    if (pushed !== undefined) this.bury(pushed);
  }
}
