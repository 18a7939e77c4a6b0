import { performance } from 'node:perf_hooks';
import { createOciClient } from '@mcr/testkit';

/** Pulls one small image over and over, in a process of its own, and says how long each request took. */
const { baseUrl, ca, username, password, repository, reference, blobs } = JSON.parse(process.argv[2] ?? '{}');
const client = createOciClient({ baseUrl, ca, username, password });
const latencies: number[] = [];
const stop = new AbortController();
process.once('message', () => {
  stop.abort();
});

async function timed(request: () => Promise<{ readonly status: number }>): Promise<void> {
  const begun = performance.now();
  const { status } = await request();
  latencies.push(performance.now() - begun);
  if (status !== 200) throw new Error(`The response to a pull was ${status}`);
}

await client.token();
process.send?.('started');
while (!stop.signal.aborted) {
  await timed(() => client.getManifest(repository, reference));
  for (const digest of blobs) {
    await timed(() => client.headBlob(repository, digest));
    await timed(() => client.getBlob(repository, digest));
  }
}
await client[Symbol.asyncDispose]();
process.send?.(latencies, undefined, {}, () => process.disconnect?.());
