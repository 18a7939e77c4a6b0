import { setTimeout as sleep } from 'node:timers/promises';
import { isConflict, isConnectionLoss, isReadOnly } from './errors.ts';

/** Attempts of one change. */
const maxAttempts = 6;
/** The first pause after two changes have met is at most this long, in milliseconds; each one after it twice as long. */
const firstPause = 5;
/** The pause after a connection was lost, in milliseconds: another server takes over within seconds. */
const reconnectPause = 200;
/** What was lost is tried again for so long, in milliseconds; then the client may try again itself. */
const maxReconnecting = 3_000;

/** Counts what was tried again, for metrics. */
export type OnRetry = (reason: 'conflict' | 'connection') => void;

/**
 * Runs work that changes nothing when it fails, and may be run again: for a conflict five times more, with jitter, and for a
 * lost connection, or a server that takes no writes, for three seconds.
 */
export async function retrying<Result>(work: () => Promise<Result>, onRetry: OnRetry): Promise<Result> {
  const deadline = performance.now() + maxReconnecting;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const isLost = isConnectionLoss(error) || isReadOnly(error);
      if (isLost ? performance.now() >= deadline : !isConflict(error) || attempt >= maxAttempts) throw error;
      onRetry(isLost ? 'connection' : 'conflict');
      await sleep(isLost ? reconnectPause : Math.random() * firstPause * 2 ** attempt);
    }
  }
}
