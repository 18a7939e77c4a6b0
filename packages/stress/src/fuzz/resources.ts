import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from './target.ts';

/**
 * Growth after the first batches, garbage aside: above the 50 MiB by which what was freed in pieces varies, below what a
 * leak of 50 kB an input gives.
 */
const maxGrowthMiB = 110;
/** The largest input is a manifest of 4 MiB, a few of which are in memory concurrently. */
const maxPeakMiB = 700;
/** Database, log and kept-alive connections of the well-formed requests. */
const handleSlack = 12;

const mebibytes = (bytes: number): number => Math.round(bytes / (1 << 20));

/** What the server's process holds, over the time that it is fuzzed. */
export class Resources {
  readonly #target: Target;
  /** MiB of the process: after the first batches, at the end, and at most. */
  readonly memory = { warm: 0, end: 0, peak: 0 };
  /** Open files and connections. */
  readonly handles = { start: 0, end: 0 };

  private constructor(target: Target) {
    this.#target = target;
  }

  /** Begins to watch. */
  static async of(target: Target): Promise<Resources> {
    const resources = new Resources(target);
    resources.handles.start = await target.handles();
    return resources;
  }

  /** From now on the process should not grow. */
  async warm(): Promise<void> {
    this.memory.warm = mebibytes((await this.#target.memory()).rss);
  }

  /** Looks at the end, once connections have had `settleMs` milliseconds to be closed; returns what is too much. */
  async problems(settleMs: number): Promise<string[]> {
    const wanted = this.handles.start + handleSlack;
    const deadline = performance.now() + settleMs;
    this.handles.end = await this.#target.handles();
    while (this.handles.end > wanted && performance.now() < deadline) {
      await sleep(200);
      this.handles.end = await this.#target.handles();
    }
    const { rss, peakRss } = await this.#target.memory();
    Object.assign(this.memory, { end: mebibytes(rss), peak: mebibytes(peakRss) });
    if (this.memory.warm === 0) this.memory.warm = this.memory.end;

    const problems: string[] = [];
    const growth = this.memory.end - this.memory.warm;
    if (growth > maxGrowthMiB) problems.push(`the process has grown by ${growth} MiB`);
    if (this.memory.peak > maxPeakMiB) problems.push(`the process took ${this.memory.peak} MiB`);
    if (this.handles.end > wanted) problems.push(`of ${this.handles.start} open handles came ${this.handles.end}`);
    return problems;
  }
}
