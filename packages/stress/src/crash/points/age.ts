import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Ledger } from '../../model/ledger.ts';
import { withoutLeases } from '../../model/repository.ts';

/** How long another writer may hold the database, in milliseconds. */
const pollOptions = 5_000;

/** How often to look whether the rows of deleted repositories are gone, in milliseconds. */
const pause = 5;

/** Expires leases, reviews, idle uploads and unknown files. The server runs elsewhere. */
export async function ageEverything(directory: string, ledgers: readonly Ledger[]): Promise<void> {
  const database = new DatabaseSync(join(directory, 'mcr.db'), { timeout: pollOptions });
  try {
    // What a slice queues later would keep its own time.
    const removing = database.prepare('SELECT 1 FROM repositories WHERE deleted_at IS NOT NULL');
    for (let waited = 0; waited < pollOptions && removing.get() !== undefined; waited += pause) await sleep(pause);
    database.exec('BEGIN IMMEDIATE');
    database.exec('UPDATE blob_links SET leased_until = 1; UPDATE gc_queue SET review_after = 1');
    database.exec('UPDATE uploads SET touched_at = 1; COMMIT');
  } finally {
    database.close();
  }
  for (const folder of ['layers', 'uploads']) {
    const entries = await readdir(join(directory, folder), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && !entry.name.startsWith('.'));
    for (const { parentPath, name } of files) await utimes(join(parentPath, name), 1, 1).catch(unlessGone);
  }
  for (const { state, uploads } of ledgers) {
    state.settle(withoutLeases(state.certain));
    for (const upload of uploads) upload.until = 0;
  }
}

/** The server removes the pieces of an upload after the response to what ended it. */
function unlessGone(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
