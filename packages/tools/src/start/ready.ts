import { existsSync, readFileSync } from 'node:fs';
import { get } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { rootCertificates } from 'node:tls';

/** A cold start is ready within a second or two; a large database's recovery may take longer. */
const GIVE_UP_AFTER_MS = 60_000;
const BETWEEN_POLLS_MS = 100;

/**
 * Polls `url` until it responds with 200, for at most a minute or until `signal` aborts. The CA in `caFile` counts beside the
 * system's. Returns undefined when ready, else why not.
 */
export async function waitUntilReady(url: URL, caFile: string, signal: AbortSignal): Promise<string | undefined> {
  const ca = [...rootCertificates, ...(existsSync(caFile) ? [readFileSync(caFile, 'utf8')] : [])];
  const deadline = Date.now() + GIVE_UP_AFTER_MS;
  for (;;) {
    const problem = await ask(url, ca, signal);
    if (problem === undefined || signal.aborted || Date.now() > deadline) return problem;
    await sleep(BETWEEN_POLLS_MS);
  }
}

async function ask(url: URL, ca: string[], signal: AbortSignal): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const request = get(url, { ca, agent: false, signal, timeout: 5_000 }, (response) => {
    response.resume();
    resolve(response.statusCode === 200 ? undefined : `it responds with ${response.statusCode}`);
  });
  request.on('timeout', () => request.destroy(new Error('it does not respond')));
  request.on('error', (error) => resolve(error.message || String(error)));
  return promise;
}
