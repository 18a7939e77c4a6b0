import { setTimeout as sleep } from 'node:timers/promises';
import { isQuiet, readBusyness } from './report/busyness.ts';

/** What just built the server is forgotten by then; whatever else runs is not going to end. */
const patienceMs = 120_000;
const pauseMs = 5_000;

/** Waits for what ran just before to leave the machine's load, two minutes at most. The report warns if it stays. */
export async function untilQuiet(): Promise<void> {
  for (const end = performance.now() + patienceMs; performance.now() < end; ) {
    const { load } = await readBusyness();
    if (isQuiet(load)) return;
    process.stderr.write(`The load is ${load.toFixed(2)}: waiting for the machine to become quiet\n`);
    await sleep(pauseMs);
  }
}
