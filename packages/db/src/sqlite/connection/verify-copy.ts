import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { DatabaseError } from '../../database-error.ts';

/**
 * Reads the whole file, so it runs in a thread of its own; given as text, since a bundled server has no file to name.
 * Leaving WAL mode makes the copy one file, which can be moved about.
 */
const check = `
  const { DatabaseSync } = require('node:sqlite');
  const { parentPort, workerData } = require('node:worker_threads');
  const copy = new DatabaseSync(workerData);
  copy.exec('PRAGMA journal_mode = DELETE');
  const damage = copy.prepare('PRAGMA integrity_check(1)').all().map((row) => row.integrity_check);
  const dangling = copy.prepare('PRAGMA foreign_key_check').all().map((row) => 'dangling reference in ' + row.table);
  copy.close();
  parentPort.postMessage([...damage.filter((line) => line !== 'ok'), ...dangling.slice(0, 1)]);
`;

/** Checks a closed copy of the database for damage. Throws a `DatabaseError` that says what was found. */
export async function verifyCopy(path: string): Promise<void> {
  const worker = new Worker(check, {
    eval: true,
    workerData: path,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const [problems] = (await once(worker, 'message').catch((cause: unknown) => {
    throw new DatabaseError('The copy of the database cannot be read', { cause });
  })) as [readonly string[]];
  if (problems.length === 0) return;
  throw new DatabaseError('The copy of the database is damaged; check the disk and the database itself', {
    cause: new Error(problems.join('; ')),
  });
}
