import { openSync, writeSync } from 'node:fs';
import Sqlite from 'better-sqlite3';

/** Where the index of the log says how many frames are in the database (sqlite.org/walformat.html, section 2.1). */
const backfilled = { position: 96, size: 4 };

/**
 * Takes back what the index of the log says of earlier checkpoints, as a recovery does, so that the next one copies the
 * whole log. A checkpoint that a reader cuts short counts pages that no sync has covered yet; when that sync fails, they
 * may be lost, and as long as another process keeps the index, no recovery would notice.
 */
export function distrustCheckpoints(path: string): void {
  try {
    // Never closed: that would drop the locks that this process holds on it, and the process is about to end.
    const index = openSync(`${path}-shm`, 'r+');
    writeSync(index, Buffer.alloc(backfilled.size), 0, backfilled.size, backfilled.position);
  } catch {
    // Without an index that can be written there is none to believe: a recovery makes a new one.
  }
}

/**
 * Keeps SQLite from emptying the log when the last connection closes, since it would trust what a failed sync has left:
 * a connection that can only read outlives the others, and ends with the process.
 */
export function keepLog(path: string): void {
  try {
    new Sqlite(path, { readonly: true, fileMustExist: true }).exec('SELECT 1 FROM sqlite_schema');
  } catch {
    // A database that cannot even be read is not written either.
  }
}
