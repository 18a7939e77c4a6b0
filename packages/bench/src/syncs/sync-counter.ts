import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startProcess, tempDirectory } from '@mcr/testkit';

/** What makes data durable. */
const calls = ['fsync', 'fdatasync', 'sync_file_range', 'syncfs', 'sync'];
/** What a step leaves to be written soon, such as audit events, is the step's. */
const settleMs = 1_500;
const attachMs = 10_000;

/** Counts the syncs of a process and its threads by strace. */
export interface SyncCounter extends AsyncDisposable {
  /** Does a step, and gives the number of its syncs, with those that follow within a second and a half. */
  count(step: () => Promise<unknown>): Promise<number>;
}

/** Attaches strace, which needs root or the same user, and the right to trace. Throws when it cannot. */
export async function startSyncCounter(pid: number): Promise<SyncCounter> {
  await using resources = new AsyncDisposableStack();
  const { path } = resources.use(await tempDirectory('mcr-bench-'));
  const output = join(path, 'calls');
  const command = ['-f', '-p', String(pid), '-e', `trace=${calls.join(',')}`, '-e', 'signal=none', '-o', output];
  const strace = await startProcess('strace', command);
  resources.defer(async () => void (await strace.stop()));
  for (const end = performance.now() + attachMs; !/attached/.test(strace.output()); await sleep(20)) {
    if (performance.now() > end) throw new Error(`strace did not attach:\n${strace.output()}`);
  }
  const owned = resources.move();
  // Each call has one line that names it with its arguments; one that another thread interrupts goes on in a second line.
  const counted = async () => (await readFile(output, 'utf8')).match(/^\d+ +[a-z_]+\(/gm)?.length ?? 0;
  return {
    async count(step) {
      await sleep(settleMs);
      const before = await counted();
      await step();
      await sleep(settleMs);
      return (await counted()) - before;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
