import { setTimeout as sleep } from 'node:timers/promises';
import { type Address, Connection, requestHead } from './connection.ts';
import { isQuiet, readBusyness } from './report/busyness.ts';

const timeoutMs = 30_000;
/** Short enough to measure the start of a process with. */
const pauseMs = 3;

/** Resolves once the peer answers its path of readiness with 200. Throws after half a minute. */
export async function untilReady(peer: Address & { readonly readyPath: string }): Promise<void> {
  for (const end = performance.now() + timeoutMs; performance.now() < end; ) {
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

/** What just built the server is forgotten by then; whatever else runs is not going to end. */
const patienceMs = 120_000;
const quietPauseMs = 5_000;

/** Waits for what ran just before to leave the machine's load, two minutes at most. The report warns if it stays. */
export async function untilQuiet(): Promise<void> {
  for (const end = performance.now() + patienceMs; performance.now() < end; ) {
    const { load } = await readBusyness();
    if (isQuiet(load)) return;
    process.stderr.write(`The load is ${load.toFixed(2)}: waiting for the machine to become quiet\n`);
    await sleep(quietPauseMs);
  }
}
