import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { memoryOf } from '@mcr/testkit';
import { familyOf } from './cpu.ts';

const samplePauseMs = 20;

/** Resident memory of a process and those that it has started, in bytes; pages that they share count for each. */
export async function rssOf(pid: number): Promise<number> {
  const each = await Promise.all((await familyOf(pid)).map(memoryOf));
  return each.reduce((sum, { rss }) => sum + rss, 0);
}

/** Does the work, and returns the largest resident memory of a process and its children meanwhile, in bytes. */
export async function peakRssOf(pid: number, work: () => Promise<unknown>): Promise<number> {
  // The peaks of several processes need not come at the same time.
  if ((await familyOf(pid)).length > 1) return await sampledPeak(pid, work);
  // "5" makes the kernel forget the highest value so far: proc_pid_clear_refs(5).
  const isReset = await writeFile(`/proc/${pid}/clear_refs`, '5').then(
    () => true,
    () => false,
  );
  if (!isReset) return await sampledPeak(pid, work);
  await work();
  return (await memoryOf(pid)).peakRss;
}

/** For several processes, and kernels that forget nothing: looks again and again. */
async function sampledPeak(pid: number, work: () => Promise<unknown>): Promise<number> {
  const stopping = new AbortController();
  const sampling = sample(pid, stopping.signal);
  await work().finally(() => stopping.abort());
  return await sampling;
}

async function sample(pid: number, stop: AbortSignal): Promise<number> {
  let peak = 0;
  while (!stop.aborted) {
    peak = Math.max(peak, await rssOf(pid));
    await sleep(samplePauseMs);
  }
  return peak;
}
