import { setTimeout as sleep } from 'node:timers/promises';
import { type Address, Connection, requestHead } from './connection.ts';
import { isQuiet, readBusyness } from './report/busyness.ts';

const readyTimeoutMs = 30_000;
/** Short enough to measure the start of a process with. */
const pauseMs = 3;

/** Resolves once the peer's readiness path responds with 200. Throws after half a minute. */
export async function untilReady(peer: Address & { readonly readyPath: string }): Promise<void> {
  for (const end = performance.now() + readyTimeoutMs; performance.now() < end; ) {
    if (await isReady(peer).catch(() => false)) return;
    await sleep(pauseMs);
  }
  throw new Error(`Nothing is ready at ${peer.host}:${peer.port}`);
}

async function isReady(peer: Address & { readonly readyPath: string }): Promise<boolean> {
  using connection = await Connection.open(peer);
  const { status } = await connection.send(requestHead(peer, 'GET', peer.readyPath));
  return status === 200;
}

/** By then the load average no longer includes the build of the server; what else runs is not going to end. */
const quietTimeoutMs = 120_000;
const quietPauseMs = 5_000;

/** Waits until the machine's load has fallen, two minutes at most. The report warns if it stays. */
export async function untilQuiet(): Promise<void> {
  for (const end = performance.now() + quietTimeoutMs; performance.now() < end; ) {
    const { load } = await readBusyness();
    if (isQuiet(load)) return;
    process.stderr.write(`The load is ${load.toFixed(2)}: waiting for the machine to become quiet\n`);
    await sleep(quietPauseMs);
  }
}
