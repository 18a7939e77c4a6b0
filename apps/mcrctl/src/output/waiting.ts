import type { Clock } from '@mcr/core';
import { formatDuration } from './format.ts';
import type { Printer } from './printer.ts';

/** Often enough to see that something happens, in milliseconds. */
const tickMs = 500;
/** Most requests take less, in milliseconds. */
const quietMs = 3_000;

/** Waits for a request, and shows for how long it has been waiting once that is long. `to` is the purpose of the request. */
export async function showWaiting<T>(
  work: Promise<T>,
  to: string,
  { print, clock }: { readonly print: Pick<Printer, 'progress' | 'clear'>; readonly clock: Clock },
): Promise<T> {
  const begin = clock.now();
  let isShown = false;
  const timer = setInterval(() => {
    const elapsed = clock.now() - begin;
    if (elapsed < quietMs) return;
    print.progress(`waiting for the registry to ${to}: ${formatDuration(elapsed)}`);
    isShown = true;
  }, tickMs);
  try {
    return await work;
  } finally {
    clearInterval(timer);
    // A prompt may follow.
    if (isShown) print.clear();
  }
}
