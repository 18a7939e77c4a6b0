import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { TestImage } from '@mcr/testkit';
import { type TestServer, testPassword } from '../../_util/server.ts';
import { type Stall, StallWatch, tenths } from './stalls.ts';

/** Milliseconds throughout. */
export interface Measurement {
  readonly duration: number;
  /** Time of the processor, pulls included. */
  readonly cpu: number;
  /** Longest time for which the event loop did nothing else. */
  readonly longestStall: number;
  /** Those that took more than the bound. */
  readonly stalls: readonly Stall[];
  readonly requests: number;
  readonly slowestRequest: number;
}

const millisecond = 1e6;
/** Finer than the stalls that are looked for. */
const resolution = 1;

/** Runs a task while another process pulls an image, and watches the event loop of this one for stalls beyond a bound. */
export async function measure(
  server: TestServer,
  repository: string,
  image: TestImage,
  task: () => Promise<unknown>,
  stallBound: number,
): Promise<Measurement> {
  const { baseUrl, ca } = server;
  const blobs = image.blobs.map(({ digest }) => digest);
  const reference = image.manifest.digest;
  const puller = { baseUrl, ca, username: 'admin', password: testPassword, repository, reference, blobs };
  const worker = fork(new URL('./pulls.ts', import.meta.url), [JSON.stringify(puller)]);
  await messageOf(worker);
  const delays = monitorEventLoopDelay({ resolution });
  using watch = new StallWatch(stallBound);
  delays.enable();
  const cpu = process.threadCpuUsage();
  const begun = performance.now();
  await task();
  const { user, system } = process.threadCpuUsage(cpu);
  const duration = performance.now() - begun;
  delays.disable();
  worker.send('stop');
  const latencies = (await messageOf(worker)) as number[];
  return {
    duration: Math.round(duration),
    cpu: Math.round((user + system) / 1000),
    longestStall: tenths(delays.max / millisecond - resolution),
    stalls: watch.stalls(),
    requests: latencies.length,
    slowestRequest: Math.round(Math.max(...latencies)),
  };
}

/** What the other process says next. Rejects when it ends without a word. */
async function messageOf(worker: ChildProcess): Promise<unknown> {
  const end = new AbortController();
  const exit = () => end.abort(new Error('The process that pulls has ended'));
  worker.once('exit', exit);
  try {
    const [message] = await once(worker, 'message', { signal: end.signal });
    return message;
  } finally {
    worker.off('exit', exit);
  }
}
