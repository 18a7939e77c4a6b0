import { setTimeout as sleep } from 'node:timers/promises';
import { isLocked } from './errors.ts';
import { busyTimeout } from './open-connection.ts';

/** Milliseconds between two attempts: another process' commit takes about as long. */
const pause = 10;

/**
 * Runs an operation, again and again while another process holds the lock that it needs, for at most `timeout`
 * milliseconds. An operation is one transaction, so an attempt that failed has changed nothing. Other work goes on meanwhile.
 */
export async function untilUnlocked<Result>(operation: () => Promise<Result>, timeout = busyTimeout): Promise<Result> {
  const deadline = performance.now() + timeout;
  for (;;) {
    try {
      return await operation();
    } catch (error) {
      if (!isLocked(error) || performance.now() >= deadline) throw error;
    }
    await sleep(pause);
  }
}
