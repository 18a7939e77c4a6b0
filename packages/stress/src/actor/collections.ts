import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, rest } from './client.ts';

/** How often a collection is asked whether it has ended, in milliseconds. */
const every = 5;

/** Runs a garbage collection to its end, unless one is running already. */
export async function collect(client: Client, reconcile: boolean): Promise<void> {
  const { world } = client;
  await world.during('collecting garbage', async () => {
    const started = await world.request('collecting garbage', () => rest(client, 'POST', '/v1/gc', { reconcile }));
    if (!world.expect('asking for a collection', started, 202, 409) || started.status === 409) return;
    const { last_run: run } = await ended(client);
    if (run.id !== started.json().id) return;
    world.count('collections');
    world.count('blobs collected', run.blobs_removed);
    world.count('uploads expired', run.uploads_removed);
    if (run.state !== 'completed') world.violate(`a collection ended as ${run.state}: ${run.error}`);
    if (run.missing_files > 0) world.violate(`a collection found ${run.missing_files} blobs without a file`);
  });
}

async function ended(client: Client): Promise<ReturnType<typeof JSON.parse>> {
  for (;;) {
    const status = (await rest(client, 'GET', '/v1/gc/status')).json();
    if (!status.running) return status;
    await sleep(every);
  }
}
