import { performance } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import { createOciClient } from '@mcr/testkit';

/** Pulls one small image over and over, in a thread of its own, and says how long each request took. */
const { baseUrl, ca, username, password, repository, reference, blobs } = workerData;
const client = createOciClient({ baseUrl, ca, username, password });
const latencies: number[] = [];
let stopped = false;
parentPort?.once('message', () => {
  stopped = true;
});

async function timed(request: () => Promise<{ readonly status: number }>): Promise<void> {
  const begun = performance.now();
  const { status } = await request();
  latencies.push(performance.now() - begun);
  if (status !== 200) throw new Error(`A pull was answered with ${status}`);
}

await client.token();
parentPort?.postMessage('started');
while (!stopped) {
  await timed(() => client.getManifest(repository, reference));
  for (const digest of blobs) {
    await timed(() => client.headBlob(repository, digest));
    await timed(() => client.getBlob(repository, digest));
  }
}
await client[Symbol.asyncDispose]();
parentPort?.postMessage(latencies);
