import { setTimeout as sleep } from 'node:timers/promises';

/** Generous, since it only ends what will never happen. */
const timeoutMs = 30_000;

/** Waits until something holds. Throws, naming it, when it never does. */
export async function untilTrue(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const end = Date.now() + timeoutMs; Date.now() < end; await sleep(20)) {
    if (await holds()) return;
  }
  throw new Error(`Waited in vain for ${what}`);
}
