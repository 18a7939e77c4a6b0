import type { OciResponse, TestImage, TestManifest } from '@mcr/testkit';
import { Deletions } from './deletions.ts';

/** A manifest that was pushed, as far as the writers know. */
export interface Pushed {
  readonly repository: string;
  readonly manifest: TestManifest;
  /** Absent for an index. */
  readonly image?: TestImage;
}

/** How many images are remembered whose layers may just be going. */
const recent = 12;

/** What all clients of a run share: what there is to push, what they know of each other, and what they saw. */
export class World {
  readonly images: readonly TestImage[];
  /** Milliseconds for which an answer that spares an upload is good for sure: half the grace period. */
  readonly promise: number;
  readonly repositories = ['fire/one', 'fire/two', 'fire/three', 'fire/deep/er/four', 'five'];
  readonly tags = ['latest', 'v1', 'v2', 'v3'];
  readonly deletions = new Deletions();
  readonly counts = new Map<string, number>();
  readonly violations: string[] = [];
  #pushed: Pushed[] = [];
  #deleted: TestImage[] = [];

  constructor(images: readonly TestImage[], promise: number) {
    this.images = images;
    this.promise = promise;
  }

  get pushed(): readonly Pushed[] {
    return this.#pushed;
  }

  /** Images whose manifests were deleted a short time ago. */
  get deleted(): readonly TestImage[] {
    return this.#deleted;
  }

  remember(pushed: Pushed): void {
    this.#pushed.push(pushed);
  }

  /** Forgets what was deleted, and remembers its images for pushing them again. */
  forget(isGone: (pushed: Pushed) => boolean): void {
    const gone = this.#pushed.filter(isGone);
    this.#pushed = this.#pushed.filter((pushed) => !isGone(pushed));
    this.#deleted = [...gone.flatMap(({ image }) => image ?? []), ...this.#deleted].slice(0, recent);
  }

  count(what: string, n = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + n);
  }

  violate(what: string, answer?: OciResponse): void {
    this.violations.push(answer === undefined ? what : `${what}: ${answer.status} ${answer.text().slice(0, 400)}`);
  }

  /** Whether the answer is one of these; anything else is a violation. */
  expect(what: string, answer: OciResponse, ...statuses: readonly number[]): boolean {
    if (statuses.includes(answer.status)) return true;
    this.violate(what, answer);
    return false;
  }
}
