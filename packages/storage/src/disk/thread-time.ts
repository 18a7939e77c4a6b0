import { openSync, readSync } from 'node:fs';

/** `<ns on a processor> <ns waiting for one> <time slices>`; https://docs.kernel.org/scheduler/sched-stats.html */
const schedstatPath = '/proc/thread-self/schedstat';
const nsPerMs = 1e6;

let file: number | undefined;
const text = Buffer.alloc(128);

/**
 * A clock in milliseconds that stands still while this thread is ready to run but other threads have the processor. What it
 * counts is work, and waiting for a disk. On a system that does not say how long threads wait, it is `performance.now()`.
 */
export function threadTime(): number {
  return performance.now() - waitedMs();
}

/** Reading it through an open descriptor takes a microsecond. */
function waitedMs(): number {
  try {
    file ??= openSync(schedstatPath, 'r');
    return parseWaitedMs(text.toString('latin1', 0, readSync(file, text, 0, text.length, 0)));
  } catch {
    return 0;
  }
}

/** Milliseconds that a thread has waited for a processor, by its `schedstat`; 0 for a text of another form. */
export function parseWaitedMs(schedstat: string): number {
  const waited = /^\d+ (\d+) \d+\s*$/.exec(schedstat)?.[1];
  return waited === undefined ? 0 : Number(waited) / nsPerMs;
}
