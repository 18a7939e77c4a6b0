import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { memoryOf } from '@mcr/testkit';

const samplePauseMs = 20;

/** Does the work, and returns the largest resident memory of a process meanwhile, in bytes. */
export async function peakRssOf(pid: number, work: () => Promise<unknown>): Promise<number> {
  // "5" makes the kernel forget the highest value so far: proc_pid_clear_refs(5).
  const isReset = await writeFile(`/proc/${pid}/clear_refs`, '5').then(
    () => true,
    () => false,
  );
  if (!isReset) return await sampledPeak(pid, work);
  await work();
  return (await memoryOf(pid)).peakRss;
}

/** For kernels that forget nothing: looks again and again. */
async function sampledPeak(pid: number, work: () => Promise<unknown>): Promise<number> {
  const stopping = new AbortController();
  const sampling = sample(pid, stopping.signal);
  await work().finally(() => stopping.abort());
  return await sampling;
}

async function sample(pid: number, stop: AbortSignal): Promise<number> {
  let peak = 0;
  while (!stop.aborted) {
    peak = Math.max(peak, (await memoryOf(pid)).rss);
    await sleep(samplePauseMs);
  }
  return peak;
}
