import { setTimeout as sleep } from 'node:timers/promises';
import { type ParsedManifest, parseManifest, RegistryError } from '@mcr/core';
import type { MetadataStore, UnsummarizedManifest } from '@mcr/db';
import { JobLease } from '../job-lease.ts';
import { mapSome } from '../map-some.ts';
import type { ConfigParts } from './config.ts';
import { isWhole } from './damage.ts';
import { readPlatforms, summaryOf } from './platforms.ts';

/** Manifests in one transaction, and bytes of content that are read for it: a few milliseconds of the event loop. */
const [sliceSize, sliceBytes] = [50, 256 * 1024];
/** How long it rests after a failure, such as a disk that is full, milliseconds. */
const restAfterFailure = 60_000;
const leaseName = 'summaries';
/** Longer than a slice takes; renewed between slices. */
const leaseMs = 60_000;

type KeptSummary = Parameters<MetadataStore['manifests']['keepSummaries']>[0][number];

/** What the filler works with. */
export interface SummaryFillerParts extends ConfigParts {
  /** Identifies this process as the holder of leases. */
  readonly instance: string;
}

/**
 * Fills in the summaries of manifests that were pushed before there were any, or while their config could not be read:
 * once after each start, in slices, at most half of the time, and in one process at a time. What it cannot fill in, the
 * next start tries again.
 */
export class SummaryFiller {
  readonly #parts: SummaryFillerParts;
  readonly #lease: JobLease;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(parts: SummaryFillerParts) {
    this.#parts = parts;
    this.#lease = new JobLease({ store: parts.store, name: leaseName, owner: parts.instance, duration: leaseMs });
  }

  /** Begins unless it is under way, and resolves when all was tried, or it was stopped. Never rejects. */
  run(): Promise<void> {
    this.#running ??= this.#untilDone().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Ends after the manifests that are under way, and keeps what is done. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  async #untilDone(): Promise<void> {
    const progress = { after: 0, filled: 0, left: 0 };
    while (!this.#stopped) {
      try {
        if (await this.#fillAlone(progress)) return;
        await this.#pause(leaseMs);
      } catch (error) {
        const { log } = this.#parts;
        log.error({ err: error, ...progress }, 'summaries of manifests could not be filled in, trying again soon');
        await this.#pause(restAfterFailure);
      }
    }
  }

  /** False while another process does it, which may die. */
  async #fillAlone(progress: { after: number; filled: number; left: number }): Promise<boolean> {
    const { next } = await this.#parts.store.manifests.listUnsummarized({
      after: progress.after,
      limit: 1,
      maxBytes: 0,
    });
    if (next === undefined) return true;
    if (!(await this.#lease.acquire())) return false;
    try {
      return await this.#fill(progress);
    } finally {
      await this.#lease.release();
    }
  }

  async #fill(progress: { after: number; filled: number; left: number }): Promise<boolean> {
    const { store, log } = this.#parts;
    while (!this.#stopped) {
      if (!(await this.#lease.keep())) return false;
      const begunAt = performance.now();
      const page = { after: progress.after, limit: sliceSize, maxBytes: sliceBytes };
      const { manifests, next } = await store.manifests.listUnsummarized(page);
      if (progress.after === 0 && next !== undefined) log.info('filling in summaries of manifests');
      if (next === undefined) break;
      const summaries = await this.#summarize(manifests);
      if (summaries.length > 0) await store.manifests.keepSummaries(summaries);
      const filled = summaries.filter(({ summary }) => summary.platforms !== undefined).length;
      progress.filled += filled;
      progress.left += manifests.length - filled;
      progress.after = next;
      await this.#pause(performance.now() - begunAt);
    }
    const { filled, left } = progress;
    if (progress.after === 0) return true;
    const end = this.#stopped
      ? 'stopped filling in summaries of manifests, the next start goes on'
      : 'filled in summaries of manifests';
    log.info(this.#stopped ? { filled } : { filled, left }, end);
    return true;
  }

  async #summarize(manifests: readonly UnsummarizedManifest[]): Promise<readonly KeptSummary[]> {
    const summaries = await mapSome(manifests, async (manifest) => {
      const { id, digest, repository } = manifest;
      if (this.#stopped || !(await isWhole(this.#parts, repository, manifest))) return undefined;
      const parsed = parse(manifest);
      if (parsed === undefined) return undefined;
      const platforms = await readPlatforms(this.#parts, repository, parsed);
      return { id, digest, summary: summaryOf(parsed, platforms) };
    });
    return summaries.filter((summary) => summary !== undefined);
  }

  async #pause(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#stopping.signal, ref: false }).catch(() => {});
  }
}

/** `undefined` for what an older version accepted and this one would not. */
function parse({ content, mediaType }: UnsummarizedManifest): ParsedManifest | undefined {
  try {
    return parseManifest(content, mediaType);
  } catch (error) {
    if (error instanceof RegistryError) return undefined;
    throw error;
  }
}
