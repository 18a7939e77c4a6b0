import { setTimeout as sleep } from 'node:timers/promises';
import type { OciClient } from '@mcr/testkit';
import type { Address, Connection } from './connection.ts';
import { uniqueContent } from './content.ts';
import { pushBlob } from './push.ts';
import { openConnections } from './repeat.ts';

/** A run in the REST API. */
interface Run {
  readonly id: string;
  readonly state: string;
  readonly started_at: string;
  readonly completed_at?: string;
  readonly blobs_removed: number;
}

/** A collection that ended. */
export interface Collection {
  readonly milliseconds: number;
  readonly blobsRemoved: number;
}

const blobBytes = 1_024;
const litterers = 10;
/** The run itself reports its duration; polling must cost the server little. */
const statusPauseMs = 200;
/** A collection that takes longer hangs. */
const limitMs = 300_000;

/** Pushes a blob that nothing will ever reference. */
export async function pushGarbage(connection: Connection, peer: Address): Promise<void> {
  await pushBlob(connection, peer, 'bench/garbage', uniqueContent(blobBytes));
}

/** Pushes many of them, from several clients, so that it does not take longer than what is measured. */
export async function pushMuchGarbage(peer: Address, count: number): Promise<void> {
  using open = await openConnections(peer, litterers);
  let left = count;
  const push = async (connection: Connection): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await pushGarbage(connection, peer);
    }
  };
  await Promise.all(open.map(push));
}

/** Collects garbage once, and resolves when that is done. Throws when it failed, or does not end. */
export async function collectGarbage(client: OciClient, reconcile: boolean): Promise<Collection> {
  const headers = { 'content-type': 'application/json' };
  const response = await client.request('POST', '/v1/gc', { headers, body: JSON.stringify({ reconcile }) });
  if (response.status !== 202) throw new Error(`No garbage collection: ${response.status} ${response.text()}`);
  const { id } = response.json() as Run;
  for (const end = performance.now() + limitMs; performance.now() < end; ) {
    await sleep(statusPauseMs);
    const status = await client.request('GET', '/v1/gc/status');
    const { running, last_run: run } = status.json() as { running: boolean; last_run?: Run };
    if (running || run?.id !== id) continue;
    if (run.state !== 'completed') throw new Error('The garbage collection failed');
    const milliseconds = Date.parse(run.completed_at ?? '') - Date.parse(run.started_at);
    return { milliseconds, blobsRemoved: run.blobs_removed };
  }
  throw new Error(`The garbage collection did not end within ${limitMs / 1_000} s`);
}
